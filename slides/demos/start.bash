# Sourced by demos that need more than the servers that every demo may name.

# What was started ends with the demo, whoever runs it.
started=()
trap 'command kill "${started[@]}" 2>/dev/null' EXIT

# start NAME COMMAND…: starts a server and waits until it listens. The variable NAME gets the first of its
# addresses as host:port, NAME_PID its process id; what it says stands in the file NAME.log.
start() {
  local name=$1 address='' tries
  local listens='(on|Connections to) [a-z]+://127\.0\.0\.1:[0-9]+'
  shift
  # Behind a process substitution it is no job, of whose end bash would tell the audience.
  : < <(NO_COLOR=1 exec env -u CLICOLOR_FORCE "$@" >"$name.log" 2>&1)
  started+=($!)
  printf -v "${name}_PID" %s $!
  for ((tries = 0; tries < 250; tries++)); do
    address=$(grep -Eo -m1 "$listens" "$name.log" 2>/dev/null) && break
    sleep 0.02
  done
  [[ $address ]] || { echo "$name does not start: $(<"$name.log")" >&2; exit 1; }
  printf -v "$name" %s "${address##*/}"
}

# fold_errors PROGRAM…: what these say on stderr gets the slide's width.
fold_errors() {
  local program
  for program; do
    eval "$program() { with_folded_errors $program \"\$@\"; }"
  done
}

with_folded_errors() {
  local code
  command "$@" 2>stderr
  code=$?
  fold --spaces --width=80 stderr >&2
  return $code
}
