"""The Support Policy as data, and the clock that makes promises of it."""
