#!/usr/bin/env bash
# Who many identifiers are, as a job; their profiles are posted to a webhook in batches.
#
#   FIELDMARK_SERVER=http://127.0.0.1:8321 FIELDMARK_API_KEY=sk_live_… \
#     ./identity_enrichment.sh emails.txt us http://127.0.0.1:9000/people
#
# emails.txt holds one e-mail address a line; `us` is the warehouse. Needs curl (7.76 or later) and jq.
set -euo pipefail

emails=$1 warehouse=$2 webhook=$3
server=${FIELDMARK_SERVER:-http://127.0.0.1:8321}
run=${FIELDMARK_RUN:-$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The key is read from a file, so that no list of processes shows it.
printf 'header = "Authorization: Bearer %s"\n' "${FIELDMARK_API_KEY:-}" >"$work/key"
chmod 600 "$work/key"
[ -n "${FIELDMARK_API_KEY:-}" ] || : >"$work/key"

ask() {
  curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --config "$work/key" "$@"
}

# The same FIELDMARK_RUN is one job, however often this runs within a day.
jq --raw-input --slurp '{id_type: "email", identifiers: (split("\n") | map(select(length > 0))), format: "csv"}' \
  "$emails" >"$work/resolve.json"
ask --header 'Content-Type: application/json' --header 'Prefer: respond-async' \
  --header "Idempotency-Key: $run-resolve" --data-binary "@$work/resolve.json" \
  "$server/v1/tools/resolve_identities?warehouse=$warehouse" >"$work/job.json"
job=$(jq --raw-output .run_id "$work/job.json")
workflow=$(jq --raw-output .workflow_id "$work/job.json")
echo "job $job, workflow $workflow"

status=queued
while [ "$status" = queued ] || [ "$status" = running ]; do
  sleep "${FIELDMARK_POLL_SECONDS:-2}"
  status=$(ask "$server/v1/jobs/$job" | jq --raw-output .status)
done
[ "$status" = done ] || { echo "The job is $status: $(ask "$server/v1/jobs/$job" | jq --raw-output .message)" >&2; exit 1; }

ask "$server/v1/jobs/$job/result" >"$work/answer.json"
jq --raw-output '"\(.stats.resolved) persons of \(.stats.requested) addresses"' "$work/answer.json"

# The link is the credential, so the key does not go with it.
curl --silent --show-error --fail --retry 5 --continue-at - --output "$work/people.csv" \
  "$(jq --raw-output .export.url "$work/answer.json")"

# Person ids stay text: jq 1.6 rounds whole numbers above 2^53.
tail -n +2 "$work/people.csv" | cut -d, -f1 | tr -d '"' | split -l 1000 - "$work/batch-"
posted=0
for batch in "$work"/batch-*; do
  [ -e "$batch" ] || continue
  jq --raw-input --slurp --arg workflow "$workflow" \
    '{workflow_id: $workflow, person_ids: (split("\n") | map(select(length > 0)))}' "$batch" >"$work/ids.json"
  name=${batch##*/}
  ask --header 'Content-Type: application/json' --header "Idempotency-Key: $run-$name" \
    --data-binary "@$work/ids.json" "$server/v1/tools/get_person?warehouse=$warehouse" |
    jq --compact-output '{profiles}' >"$work/profiles.json"
  curl --silent --show-error --fail --retry 5 --output /dev/null --header 'Content-Type: application/json' \
    --header "Idempotency-Key: $run-$name" --data-binary "@$work/profiles.json" "$webhook"
  posted=$((posted + $(jq '.profiles | length' "$work/profiles.json")))
done
echo "$posted profiles posted"
