"""What a person does in a browser, with the whole product behind it."""
