"""Settings of all tests."""

import atexit
import os
import tempfile

# What one run finds inside of pictures must not help the next one, nor lie in a person's home.
_CACHE = tempfile.TemporaryDirectory(prefix="vitrina-test-cache-")
atexit.register(_CACHE.cleanup)
os.environ["XDG_CACHE_HOME"] = _CACHE.name
