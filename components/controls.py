"""Native controls in our own HTML: they paint with the page and need no script to be seen.

Each carries the name of a parameter of the address; ``listening.js`` hands a change over and
``components.address.choose`` takes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from figures.markup import attributes, text


def choice_select(
    name: str,
    label: str,
    groups: Mapping[str, Mapping[str, str]],
    chosen: str,
    is_disabled: bool = False,
) -> str:
    """A labelled list.

    Args:
        name: parameter of the address.
        label: what is chosen.
        groups: options (label by code) by the name of their group; an empty name is no group.
        chosen: code of the option shown.
        is_disabled: whether there is nothing to choose.
    """
    written = []
    for group, options in groups.items():
        inside = "".join(
            f'<option value="{text(code)}"{" selected" if code == chosen else ""}>'
            f"{text(option)}</option>"
            for code, option in options.items()
        )
        written.append(f'<optgroup label="{text(group)}">{inside}</optgroup>' if group else inside)
    return (
        f'<label class="v-field"><span>{text(label)}</span>'
        f'<select data-name="{text(name)}" aria-label="{text(label)}"'
        f"{attributes(disabled=is_disabled)}>"
        f"{''.join(written)}</select></label>"
    )


def choice_buttons(name: str, label: str, options: Mapping[str, str], chosen: str) -> str:
    """A few options side by side, one of them chosen; arrows move among them.

    Args:
        name: parameter of the address.
        label: what is chosen.
        options: label by code, in order.
        chosen: code of the option shown.
    """
    buttons = "".join(
        f'<button type="button" role="radio" aria-checked="{str(code == chosen).lower()}" '
        f'tabindex="{0 if code == chosen else -1}" data-act="choose" data-name="{text(name)}" '
        f'data-value="{text(code)}">{text(option)}</button>'
        for code, option in options.items()
    )
    return (
        f'<div class="v-field"><span id="nom-{text(name)}">{text(label)}</span>'
        f'<div class="v-seg" role="radiogroup" aria-labelledby="nom-{text(name)}">'
        f"{buttons}</div></div>"
    )


def choice_many(
    name: str,
    label: str,
    groups: Mapping[str, Mapping[str, str]],
    chosen: Collection[str],
    word: str,
) -> str:
    """A list of boxes to tick; nothing changes until the button under it is pressed.

    Args:
        name: parameter of the address; its value is the codes ticked, joined by commas.
        label: what is chosen.
        groups: options (label by code) by the name of their group; an empty name is no group.
        chosen: codes of the boxes ticked.
        word: what the button does.
    """
    written = []
    for group, options in groups.items():
        inside = "".join(
            f'<label><input type="checkbox" value="{text(code)}"'
            f"{attributes(checked=code in chosen)}> {text(option)}</label>"
            for code, option in options.items()
        )
        head = f"<legend>{text(group)}</legend>"
        written.append(f"<fieldset>{head}{inside}</fieldset>" if group else inside)
    count = sum(code in chosen for options in groups.values() for code in options)
    return (
        f'<div class="v-many" data-many role="group" aria-label="{text(label)}">'
        f'<div class="v-ticks" tabindex="0" role="region" aria-label="{text(label)}, liste">'
        f"{''.join(written)}</div>"
        f'<p><button type="button" class="v-export" data-act="choose" data-gather '
        f'data-name="{text(name)}">{text(word)}</button> '
        f"<span>Cochés : <output>{count}</output></span></p></div>"
    )


def search_field(name: str, label: str, value: str, hint: str = "") -> str:
    """A text to look for, taken when Enter is pressed or the field is left.

    Args:
        name: parameter of the address.
        label: what is looked for.
        value: the text shown.
        hint: an example, in grey.
    """
    return (
        f'<label class="v-field"><span>{text(label)}</span>'
        f'<input type="search" data-name="{text(name)}" aria-label="{text(label)}" '
        f'value="{text(value)}"'
        f"{attributes(placeholder=hint or None)}></label>"
    )


def menu(title: str, body: str, key: str, is_open: bool = False) -> str:
    """Controls folded under a button; they stay open while the page changes.

    ``is_open`` opens them where the page is painted anew while a reader is choosing.
    """
    return (
        f'<details class="v-menu" data-key="{text(key)}"{attributes(open=is_open)}>'
        f"<summary>{text(title)}</summary>"
        f'<div class="v-panel">{body}</div></details>'
    )
