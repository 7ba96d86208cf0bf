"""The arguments of the operators."""
