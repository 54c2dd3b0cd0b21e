"""What `make bench` and `make eval` run: speed and quality, measured."""
