"""The blueprint that the views of this room belong to."""

from flask import Blueprint

pages = Blueprint("chat", __name__, url_prefix="/sheets/<sheet_id>/chat")
