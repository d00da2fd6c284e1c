"""What a row is, in any form: bytes and dicts in, values out."""
