"""Search: index rows out of resources, and queries into SQL, one module a kind of search parameter."""
