#!/usr/bin/env bash
# Who the best customers of a list are, and a file of people like them.
#
#   FIELDMARK_SERVER=http://127.0.0.1:8321 FIELDMARK_API_KEY=sk_live_… ./icp_analysis.sh emails.txt us
#
# emails.txt holds one e-mail address a line; `us` is the warehouse. Needs curl (7.76 or later) and jq.
set -euo pipefail

emails=$1 warehouse=$2
server=${FIELDMARK_SERVER:-http://127.0.0.1:8321}
run=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The key is read from a file, so that no list of processes shows it.
printf 'header = "Authorization: Bearer %s"\n' "${FIELDMARK_API_KEY:-}" >"$work/key"
chmod 600 "$work/key"
[ -n "${FIELDMARK_API_KEY:-}" ] || : >"$work/key"

# call STEP TOOL BODY_FILE: the tool's answer. A lost answer is asked for again under the same Idempotency-Key.
call() {
  curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused --config "$work/key" \
    --header 'Content-Type: application/json' --header 'Prefer: wait' \
    --header "Idempotency-Key: $run-$1" --data-binary "@$3" \
    "$server/v1/tools/$2?warehouse=$warehouse"
}

jq --raw-input --slurp '{id_type: "email", identifiers: (split("\n") | map(select(length > 0)))}' \
  "$emails" >"$work/resolve.json"
call resolve resolve_identities "$work/resolve.json" >"$work/people.json"
workflow=$(jq --raw-output .workflow_id "$work/people.json")
jq --raw-output '"\(.stats.resolved) persons of \(.stats.requested) addresses"' "$work/people.json"

# Profiles, 1,000 persons a request. (jq 1.6 rounds ids above 2^53: there, take them from a CSV export.)
jq --compact-output --arg workflow "$workflow" '[.identities[].person_id] | _nwise(1000)
  | {workflow_id: $workflow, person_ids: ., domains: ["interest"]}' "$work/people.json" >"$work/batches"
batch=0 known=0
while read -r body; do
  printf '%s' "$body" >"$work/batch.json"
  known=$((known + $(call "enrich-$batch" get_person "$work/batch.json" | jq '.profiles | length')))
  batch=$((batch + 1))
done <"$work/batches"
echo "$known profiles"

jq --arg workflow "$workflow" '{workflow_id: $workflow, person_ids: [.identities[].person_id]}' \
  "$work/people.json" >"$work/analyse.json"
call analyse analyze_customers "$work/analyse.json" >"$work/analysis.json"
jq --raw-output .headline "$work/analysis.json"

jq --arg workflow "$workflow" '{workflow_id: $workflow, limit: 1000,
  cluster_names: (reduce .lift.top_attributes[].trait.name as $n ([]; if index($n) then . else . + [$n] end))[:20]}' \
  "$work/analysis.json" >"$work/names.json"
call clusters list_clusters "$work/names.json" >"$work/clusters.json"

# The two strongest traits together, by name and value as the clusters have them.
jq --arg workflow "$workflow" --slurpfile listed "$work/clusters.json" '
  (reduce $listed[0].clusters[] as $c ({}; .["\($c.name)=\($c.value)"] = $c.cluster_hash)) as $hashes
  | [.lift.top_attributes[].trait | $hashes["\(.name)=\(.value)"] // empty][:2]
  | if length == 0 then error("Nothing sets these customers apart.") else . end
  | {workflow_id: $workflow, expression: join(" AND "), identifier_type: "email", format: "csv"}' \
  "$work/analysis.json" >"$work/find.json"
call find find_persons "$work/find.json" >"$work/found.json"

# The link is the credential, so the key does not go with it.
out=$(dirname "$emails")/people_like_them.csv
curl --silent --show-error --fail --retry 5 --continue-at - --output "$out.part" \
  "$(jq --raw-output .export.url "$work/found.json")"
mv "$out.part" "$out"
jq --raw-output --arg out "$out" '"\(.total) people: \(.in_words); \(.export.rows) rows in \($out)"' "$work/found.json"
echo "workflow $workflow"
