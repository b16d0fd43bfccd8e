"""Copies a version that was approved in a team's dev account into the central registry, once, with all it names.

`event` reads what came in, `origin` says whose it is, `approval` who approved it, `relocation` which files it names and
where they go, `files` and `images` copy, `registration` registers, `promotion` puts these in order, `look` finds what
no event told of, `handler` is what Lambda calls. Nothing here trusts an event: it only says where to look.
"""
