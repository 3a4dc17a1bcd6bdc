"""What every form of the pages has in common."""

from typing import Any

from django import forms


class DescribedForm(forms.Form):
    """A form whose inputs name their hint and their note, as templates/pieces/field.html spells them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            hint = f"hint-{name} " if field.help_text else ""
            field.widget.attrs["aria-describedby"] = f"{hint}note-{name}"
