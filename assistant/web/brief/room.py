"""The blueprint that the views of this room belong to."""

from flask import Blueprint

pages = Blueprint("brief", __name__, url_prefix="/briefs")
