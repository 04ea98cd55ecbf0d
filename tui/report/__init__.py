"""One page of HTML about an offer, for a reviewer: nothing in it is run, nothing is fetched."""
