"""What a person may choose from before asking: bounds of the documents, and example questions."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from index.errors import PinpointError
from qa.api import Pinpoint
from ui.templating import render


def add(app: FastAPI, pinpoint: Pinpoint) -> None:
    """Add the routes to the application."""

    @app.get("/page/filters")
    def filters() -> HTMLResponse:
        try:
            folders, kinds = pinpoint.folders(), pinpoint.kinds()
        except PinpointError:  # no index yet
            folders, kinds = (), ()
        return HTMLResponse(render("bounds.html", folders=folders, kinds=kinds))

    @app.get("/page/examples")
    def examples() -> HTMLResponse:
        try:
            found = pinpoint.examples()
        except PinpointError:
            found = ()
        return HTMLResponse(render("examples.html", examples=found))
