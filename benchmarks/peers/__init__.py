"""What ``benchmarks.search_peers`` runs: each engine in a process of its own, the peers' by an interpreter of their own."""
