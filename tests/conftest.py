"""Fixtures and settings of all tests."""

import os
import tempfile

# What one run finds inside of pictures must not help the next one, nor lie in a person's home.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="vitrina-test-cache-")
