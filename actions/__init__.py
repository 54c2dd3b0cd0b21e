"""The action server: thin adapters from a dialogue turn to policy, index and desk."""
