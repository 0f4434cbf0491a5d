"""Pictures of a film besides the film: small ones along its length, and its cover."""
