"""The promises this project keeps, each tried with the real parts."""
