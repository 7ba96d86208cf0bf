"""Makes and verifies the files of a release: `make release`."""
