"""What the jobs run, for both hosts alike: shell for bash. Each host sets the variables that a command reads.

The environment of a job may hold text of strangers (names of branches): it reaches the shell through variables alone.
"""

from __future__ import annotations

from textwrap import indent

LIVE = "live"
MARK = "mlgov-applied"
WAIT = "--lock-timeout 60"  # seconds: a pull request may plan the stack that is applied, and neither need fail

SETUP = """\
make setup
command -v terraform >/dev/null || make terraform
"""

# GitLab: the token in a file of this job alone, from which AWS's libraries take the role of AWS_ROLE_ARN.
SIGN_IN = """\
AWS_WEB_IDENTITY_TOKEN_FILE=$(mktemp)
export AWS_WEB_IDENTITY_TOKEN_FILE
printf '%s' "$MLGOV_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
"""

CHECK = ".venv/bin/mlgov check"
CURRENT = f".venv/bin/mlgov synth --live --check --out {LIVE}"
# A repository without Atlantis has no atlantis.yaml.
ATLANTIS = "if [ -f atlantis.yaml ]; then .venv/bin/mlgov atlantis --check; fi"
PIPELINES = ".venv/bin/mlgov ci --check"

GATE = f'.venv/bin/mlgov gate --out {LIVE} --summary gate.md --links "$LINKS"'

# BASE: the revision that the change is compared with.
AFFECTED = f"""\
.venv/bin/mlgov affected --base "$BASE" --out {LIVE} --format text
.venv/bin/mlgov affected --base "$BASE" --out {LIVE} --format matrix > affected.json
"""

# BASE, STACKS. What commits of the change allow by name, in trailers (git-interpret-trailers): a change that the review
# would stop, data that goes. Named are stacks of this job alone, as an acceptance that is not needed is a fault.
NAMED = """\
named() {
  git log --format="%(trailers:key=$1,valueonly)" "$BASE..HEAD" | sort -u | while IFS= read -r value; do
    place=$value
    if [ "$1" = Mlgov-Accept ]; then place=${value#*:}; fi
    case ",$3," in *",${place%%:*},"*) printf '%s\\n%s\\n' "$2" "$value" ;; esac
  done
}
mapfile -t destroyed < <(named Mlgov-Allow-Destroy --allow-destroy "$STACKS")
"""

# Of a stack that an earlier run has applied already, nothing is left to be accepted.
REVIEW = f"""\
changed=$(.venv/bin/mlgov ci --changed)
mapfile -t accepted < <(named Mlgov-Accept --accept "$changed")
.venv/bin/mlgov review --out {LIVE} --stack "$STACKS" --summary review.md "${{accepted[@]}}"
"""

# STACKS, BASE, WAITS. Exit code 4 is Terraform's: what reads outputs of stacks that the same change makes or changes
# can often not be planned before those are applied. A plan that the policies or the review refuse (3) never passes.
PLAN_CHANGE = f"""\
{NAMED}code=0
.venv/bin/mlgov plan {WAIT} --gate --out {LIVE} --stack "$STACKS" "${{destroyed[@]}}" || code=$?
if [ "$code" = 4 ] && [ "$WAITS" = true ]; then
  echo "Not planned, as what these stacks read changes, too: $STACKS. Their plan comes with the apply." > review.md
  exit 0
elif [ "$code" != 0 ]; then
  exit "$code"
fi
{REVIEW}"""

# STACKS may be empty: then all stacks of the wave are planned where they are applied.
PLAN_WAVE = f"""\
if [ -z "$STACKS" ]; then exit 0; fi
{NAMED}.venv/bin/mlgov plan {WAIT} --gate --out {LIVE} --stack "$STACKS" "${{destroyed[@]}}"
{REVIEW}"""

# STACKS, BASE, PLANNED. The plan is made again, and applied only if it is, byte for byte, the one judged before
# the approval: `--gate-plan` asks the verdict for its SHA-256. So no plan, which holds secrets, leaves its runner.
APPLY_WAVE = f"""\
{NAMED}if [ "$PLANNED" = true ]; then
  .venv/bin/mlgov plan {WAIT} --out {LIVE} --stack "$STACKS" "${{destroyed[@]}}"
else
  .venv/bin/mlgov plan {WAIT} --gate --out {LIVE} --stack "$STACKS" "${{destroyed[@]}}"
{indent(REVIEW, "  ")}fi
.venv/bin/mlgov apply {WAIT} --gate-plan --out {LIVE} --stack "$STACKS" "${{destroyed[@]}}"
.venv/bin/mlgov plan {WAIT} --fail-on-drift --out {LIVE} --stack "$STACKS"
"""

# Stacks that the plan role cannot plan are left out (split.py).
DRIFT = f"""\
stacks=$(.venv/bin/mlgov ci --plannable)
.venv/bin/mlgov drift --out {LIVE} --stack "$stacks" --format markdown --to drift.md
"""


def findings(account: str) -> str:
    """Writes what Security Hub imports into `findings/`; `--last` plans nothing, and its exit code is the run's."""
    return f".venv/bin/mlgov drift --last --out {LIVE} --format asff --to findings --account {account} || [ $? = 4 ]\n"


IMPORT = """\
for batch in findings/findings-*.json; do
  if [ -e "$batch" ]; then
    failed=$(aws securityhub batch-import-findings --cli-input-json "file://$batch" --query FailedCount --output text)
    if [ "$failed" != 0 ]; then echo "$batch: Security Hub refused $failed findings" >&2; exit 1; fi
  fi
done
"""

# NUMBER, RUN, BY_HAND, OUTCOME. GitHub takes 65,536 characters; a part is below 60 kB, and what does not fit is linked.
COMMENT = """\
mark='<!-- mlgov -->'
{ echo "$mark"; echo "**mlgov**: $OUTCOME ([run]($RUN))"; echo; } > comment.md
if [ "$BY_HAND" != '[]' ] && [ -n "$BY_HAND" ]; then
  echo "To be applied by an administrator, before the merge: \\`$BY_HAND\\`" >> comment.md
fi
for part in results/mlgov-gate/gate.md results/mlgov-review-*/review.md; do
  if [ ! -f "$part" ]; then continue; fi
  if [ $(($(wc -c < comment.md) + $(wc -c < "$part"))) -lt 62000 ]; then
    { echo; cat "$part"; } >> comment.md
  else
    { echo; echo "One part is too long for a comment: see the summary of the [run]($RUN)."; } >> comment.md
  fi
done
id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" \\
  --jq ".[] | select(.user.login == \\"github-actions[bot]\\" and (.body | startswith(\\"$mark\\"))) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@comment.md --silent
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --field body=@comment.md --silent
fi
"""

# OUTCOME
ISSUE = """\
title='mlgov: what was applied has drifted'
number=$(gh issue list --state open --search "in:title \\"$title\\"" --json number --jq '.[0].number // empty')
if [ "$OUTCOME" = success ]; then
  if [ -n "$number" ]; then gh issue close "$number" --comment 'The last run found no drift.'; fi
elif [ -n "$number" ]; then
  gh issue edit "$number" --body-file drift.md
else
  gh issue create --title "$title" --body-file drift.md
fi
"""
