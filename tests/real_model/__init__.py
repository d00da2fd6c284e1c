"""The product with a real language model, the smallest there is: alone on the machine, for it is slow."""
