"""Random and coverage-guided input for everything that is read from outside: `make fuzz`."""
