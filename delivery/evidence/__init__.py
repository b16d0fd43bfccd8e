"""The evidence pack: what was reviewed, what is applied, and that the two are the same, for who was not there.

A folder of plain files. Each is listed with its SHA-256 in `manifest.json`, and in `SHA256SUMS` for `sha256sum -c`.
Who keeps the SHA-256 of `manifest.json` elsewhere can tell any later change (NIST 800-53 AU-10, SI-7). Equal inputs
make equal bytes: no clock, no path and no host name is in it.

    manifest.json        `model.Evidence`
    SHA256SUMS
    waivers.yaml         what the gate excepted
    synthesis/           `mlgov.json`, the cdktf manifest, and of each stack the JSON and its assets
    gate/                verdict and reports over the stacks
    plan-gate/           verdict and reports over plans, where `mlgov plan --gate` ran
    plans/<stack>.*      a saved plan that waits to be applied: its facts, and the gate's document of it
    applied/<stack>.*    the record of the last apply, and the document of the plan that it carried out
"""
