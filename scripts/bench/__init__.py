"""Parts that the benchmarks share: a lean HTTP client, the yardstick, the service under test."""
