"""Libraries that take long to load, imported only by the process that runs the tests of them."""

from importlib import import_module


class Late:
    """A module, or something that stands in one, imported when it is first called or looked into.

    Every process that runs tests reads all the files of tests before, and would wait for each.
    """

    def __init__(self, module, name=None):
        self._module, self._name = module, name

    def _found(self):
        module = import_module(self._module)
        return module if self._name is None else getattr(module, self._name)

    def __call__(self, *arguments, **keywords):
        return self._found()(*arguments, **keywords)

    def __getattr__(self, name):
        if name.startswith("_"):  # pytest looks for its own marks at everything
            raise AttributeError(name)
        return getattr(self._found(), name)
