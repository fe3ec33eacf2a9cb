"""The contract's endpoints in each programming style: blocking (WSGI) and awaiting (ASGI)."""
