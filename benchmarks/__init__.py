"""Speed against bare SQL on the same rows in the same run: `make bench` or `python -m benchmarks [NAME …]`."""
