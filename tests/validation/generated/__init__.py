"""Valid resources made at random from the definitions, and single faults put into them."""
