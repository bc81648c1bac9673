#!/usr/bin/env bash
# Calls the app as a pipeline does, signed in as whoever the Azure CLI is. Repeats what the app asks to repeat, then
# shows the answer. Needs az, curl and jq. All it is told comes from the environment:
#   APP_URL       https://<app>.azurewebsites.net
#   API_AUDIENCE  client id of the app's own registration
#   CALL          provision, consent, rotate or harden; status or configuration, which may have a ?query
#   BODY          what is sent with the first four, as JSON; default {}
#   WAIT_MINUTES  how long it is repeated; default 20
# Exit code: 0 for an answer 200 (status: and nothing red in it), 1 for any other end, 2 where this makes no sense.
{ set +x; } 2>/dev/null # a trace would show the token
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

main() {
  read_settings
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  answer=$folder/answer
  headers=$folder/headers
  get_token
  call_until_done
  if [[ $CALL == status ]]; then follow_pages; fi
  shown <"$answer"
  keep_answer
  if [[ $CALL == status* ]]; then fail_on_red; fi
}

read_settings() {
  for variable in APP_URL API_AUDIENCE CALL; do
    [[ -n ${!variable:-} ]] || fail "$variable is not set" 2
  done
  BODY=${BODY:-'{}'}
  WAIT_MINUTES=${WAIT_MINUTES:-20}
  APP_URL=${APP_URL%/}
  # Over anything else the token would travel in clear; loopback is for tests.
  [[ $APP_URL =~ ^(https://[^/?#@[:space:]]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)$ ]] ||
    fail "APP_URL is \"$APP_URL\": it must be https://<app>, without a path" 2
  API_AUDIENCE=${API_AUDIENCE#api://}
  [[ $API_AUDIENCE =~ ^[0-9A-Fa-f-]{36}$ ]] || fail "API_AUDIENCE is \"$API_AUDIENCE\": it must be a client id (a GUID)" 2
  [[ $WAIT_MINUTES =~ ^[0-9]{1,4}$ ]] || fail "WAIT_MINUTES is \"$WAIT_MINUTES\": it must be a whole number" 2
  local calls='^(provision|consent|rotate|harden)$' looks='^(status|configuration)(\?[^[:space:]]*)?$'
  if [[ $CALL =~ $calls ]]; then
    method=POST
    BODY=$(jq -ce 'if type == "object" then . else error end' <<<"$BODY" 2>/dev/null) || fail "BODY is not a JSON object" 2
  elif [[ $CALL =~ $looks ]]; then
    method=GET
  else
    fail "CALL is \"$CALL\": it must be provision, consent, rotate, harden, status or configuration" 2
  fi
  what="$method /api/$CALL"
}

get_token() {
  token=$(az account get-access-token --scope "api://$API_AUDIENCE/.default" --query accessToken --output tsv) ||
    fail "Cannot get a token for api://$API_AUDIENCE: the Azure CLI says why; it must be signed in as an identity with the app role Automation.Run (Automation.Read for status and configuration)"
  token=${token%$'\r'}
  [[ -n $token ]] || fail "Cannot get a token for api://$API_AUDIENCE: the Azure CLI returned none"
  # From here on the runner blots it out, whoever might print it.
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then echo "::add-mask::$token"; fi
  if [[ -n ${TF_BUILD:-} ]]; then echo "##vso[task.setsecret]$token"; fi
}

# Ends with an answer 200 in $answer, or not at all.
call_until_done() {
  local deadline=$(($(date +%s) + 10#$WAIT_MINUTES * 60)) pause
  while true; do
    ask
    if [[ $code == 200 ]]; then return; fi
    pause=$(pause_before_repeat) || refuse
    if (($(date +%s) + pause > deadline)); then
      fail "$what: gave up: waiting ${pause} s more would exceed WAIT_MINUTES ($WAIT_MINUTES). Last answer ${code}: $(reason)"
    fi
    echo "$what answered ${code}: $(reason). Trying again in ${pause} s"
    carry_on
    sleep "$pause"
  done
}

# Status comes in pages, each of which names the next: all of them become one answer.
follow_pages() {
  local next
  while next=$(jq -r '.next // empty | @uri' "$answer" 2>/dev/null) && [[ -n $next ]]; do
    mv "$answer" "$folder/before"
    CALL="status?after=$next"
    call_until_done
    jq --slurp '.[1] + {on: .[0].on, deployments: (.[0].deployments + .[1].deployments)}
      | .verdict = ((["failing", "attention"] - (["failing", "attention"] - [.verdict, .deployments[].verdict]))[0] // "healthy")' \
      "$folder/before" "$answer" >"$folder/both" || fail "$what: the page after $next is not a status answer of this app"
    mv "$folder/both" "$answer"
  done
  CALL=status
}

# One request. Nothing of an earlier answer survives it.
ask() {
  : >"$answer"
  : >"$headers"
  local send=()
  if [[ $method == POST ]]; then send=(--header 'Content-Type: application/json' --data-raw "$BODY"); fi
  # The token comes by standard input: command lines can be read by others.
  code=$(printf 'Authorization: Bearer %s\n' "$token" | curl --silent --show-error --request "$method" --header @- \
    ${send[@]+"${send[@]}"} --output "$answer" --dump-header "$headers" --write-out '%{http_code}' \
    --connect-timeout 20 --max-time 240 "$APP_URL/api/$CALL") || { code=000 && : >"$answer"; }
  retry_after=$(tr -d '\r' <"$headers" | awk 'tolower($1) == "retry-after:" { last = $2 } END { print last }')
}

# In how many seconds the same call makes sense again; fails where a person must act first.
pause_before_repeat() {
  case $code in
    202 | 429 | 502 | 503 | 504 | 000) ;;
    *) return 1 ;;
  esac
  if [[ $retry_after =~ ^[0-9]{1,9}$ ]]; then
    echo $((10#$retry_after > 0 ? 10#$retry_after : 1))
  elif is_problem; then
    return 1 # the app itself says no, and names no time
  else
    echo 10 # Azure answers for an app that is just starting, or nobody does
  fi
}

# By what jq says, not by its exit code: that of an empty answer differs from release to release.
is_problem() {
  [[ $(jq 'type == "object" and has("detail")' "$answer" 2>/dev/null) == true ]]
}

# What the last answer says on one line.
reason() {
  local said
  said=$(jq -r '
    .waitingFor // .detail // ([.steps[]? | select(.state == "waiting") | "\(.kind) \(.target)"] | join(", "))
    | gsub("[[:cntrl:]]+"; " ")' "$answer" 2>/dev/null) || said=""
  if [[ $code == 000 ]]; then said="no answer"; fi
  shown <<<"${said:-no reason given}"
}

# A repeat continues the same rotation by the time that the answer names; without it, it would begin another one.
carry_on() {
  local since
  since=$(jq -r '.issuedBefore // empty' "$answer" 2>/dev/null) || return 0
  if [[ -n $since ]]; then BODY=$(jq -c --arg since "$since" '.issuedBefore //= $since' <<<"$BODY"); fi
}

# Shows why it is no use to repeat the call, and ends.
refuse() {
  if is_problem; then
    jq -r 'def line: gsub("[[:cntrl:]]+"; " ");
      "detail: \(.detail | line)", (.code // empty | "code:   \(line)"),
      (.hint // empty | split("\n") | map(line) | "hint:   \(join("\n        "))"),
      (del(.type, .title, .status, .detail, .code, .hint) | select(. != {}))' "$answer" | shown
  else
    head -c 500 "$answer" | shown
    echo
  fi
  fail "$what answered ${code}: $(reason)"
}

fail_on_red() {
  local red
  red=$(jq -r --from-file "$here/red.jq" "$answer" | shown) || fail "$what: this is not a status answer of this app"
  if [[ -z $red ]]; then return; fi
  printf '\n%s\n' "$red"
  fail "$what: $(grep -c '' <<<"$red") red, the first: $(head -n 1 <<<"$red")"
}

# Steps that follow find the answer in a file; a refused call leaves none.
keep_answer() {
  if [[ -z ${GITHUB_OUTPUT:-} ]]; then return; fi
  local kept
  kept=$(mktemp "${RUNNER_TEMP:-/tmp}/answer.XXXXXX")
  cp "$answer" "$kept"
  echo "answer=$kept" >>"$GITHUB_OUTPUT"
}

# JSON indented. What a server says must not become a command of the runner: those begin a line with ::, or hold ##.
shown() {
  local text pretty
  text=$(cat)
  if [[ $text == ["{["]* ]] && pretty=$(jq . <<<"$text" 2>/dev/null); then text=$pretty; fi
  sed -e 's/##/# #/g' -e 's/^\([[:space:]]*\)::/\1: :/' <<<"$text"
}

# Ends with one line that the runner shows on the page of the run. @param $1 the line @param $2 the exit code, or 1
fail() {
  local line
  line=$(tr '\r\n' '  ' <<<"$1" | sed -e 's/##/# #/g' -e 's/ *$//')
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then
    echo "::error::${line//'%'/%25}"
  elif [[ -n ${TF_BUILD:-} ]]; then
    echo "##vso[task.logissue type=error]$line"
  else
    echo "$line" >&2
  fi
  exit "${2:-1}"
}

main
