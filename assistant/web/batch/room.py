"""The blueprint that the views of this room belong to."""

from flask import Blueprint

pages = Blueprint("batch", __name__, url_prefix="/batches")
