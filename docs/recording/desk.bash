# What the recording stands on: Redis, two servers, and a tmux with a shell for each person. All of
# it listens on free ports of 127.0.0.1 and ends with the script that reads this file.

# How long anything that is waited for may take, in seconds; the slowest takes one.
patience=20
# Between two looks at a screen.
look_again=0.05

declare -A address
# What runs in the background: it is killed in the end.
declare -A process
folder=$(mktemp -d)
socket=four-people-$$

fail() {
    echo "error: $*" >&2
    exit 1
}

# Nothing outlives the script.
clean_up() {
    desk kill-server 2>>"$folder/tmux.log" || true
    local running
    for running in "${process[@]}"; do
        kill -9 "$running" 2>>"$folder/kill.log" || true
    done
    rm -rf "$folder"
}

trap clean_up EXIT
trap 'echo "error: line $LINENO of ${BASH_SOURCE[0]} failed" >&2' ERR

# The tmux of this recording's own, without anybody's settings.
desk() {
    tmux -u -f /dev/null -L "$socket" "$@"
}

# wait_for WHAT COMMAND…: until the command succeeds.
wait_for() {
    local what=$1 latest=$((SECONDS + patience))
    shift
    until "$@"; do
        ((SECONDS < latest)) || fail "$what did not come about in $patience s"
        sleep "$look_again"
    done
}

needs() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >>"$folder/tools.log" || fail "$tool is missing: run peers/install"
    done
}

# --- Redis and the two servers

redis_answers() {
    [[ $(redis-cli -p "$redis_port" ping 2>&1) == PONG ]]
}

start_redis() {
    # A port that was free a moment ago: redis-server takes no 0.
    redis_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$folder" \
        --appendonly yes --save "" >"$folder/redis.log" &
    process[redis]=$!
    disown
    wait_for "Redis's first answer" redis_answers
}

all_doors_are_told() {
    [[ $(sed -n '/ on http:/p' "$folder/server-$1.log" | wc -l) == 4 ]]
}

# start_server NAME: all four protocols, and where each is.
start_server() {
    local name=$1 log=$folder/server-$1.log person
    touch "$log"
    "$programs/trivium" serve --redis "redis://127.0.0.1:$redis_port" --name "$name" \
        --addr xmlrpc://127.0.0.1:0 --addr jsonrpc://127.0.0.1:0 \
        --addr grpc://127.0.0.1:0 --addr rest://127.0.0.1:0 >"$log" &
    process[$name]=$!
    disown
    wait_for "server $name's addresses" all_doors_are_told "$name"
    for person in "${people[@]}"; do
        address[$name:$person]=$(sed -n "s|^${protocol[$person]} on http://||p" "$log")
    done
}

# --- The desk: four panes, each with a shell

open_desk() {
    local start="env PATH=$programs:$PATH PS1=\$\  bash --norc --noprofile" person
    desk new-session -d -x "$columns" -y "$rows" -s desk "$start"
    desk set -g status-style bg=colour236,fg=white
    desk set -g status-left-length "$columns"
    desk set -g status-right ""
    desk set -g window-status-format ""
    desk set -g window-status-current-format ""
    desk set -g pane-border-status top
    desk set -g pane-border-style fg=colour244
    desk set -g pane-active-border-style fg=colour244
    desk set -g pane-border-format ' #{pane_title} '
    desk set -g allow-rename off
    desk split-window -h -t desk "$start"
    desk split-window -v -t desk:0.0 "$start"
    desk split-window -v -t desk:0.2 "$start"
    desk select-layout -t desk tiled
    for person in "${people[@]}"; do
        at "$person" "${first[$person]}"
    done
}

# tell TEXT: in the row below the panes.
tell() {
    desk set -g status-left " $1"
}

# at PERSON SERVER: above the person's pane.
at() {
    desk select-pane -t "${pane[$1]}" -T "$1 · ${protocol[$1]} · server $2"
}

# All that a person has seen, wrapped rows joined.
screen_of() {
    desk capture-pane -p -J -S - -t "${pane[$1]}"
}

sees() {
    screen_of "$1" | grep -qF -- "$2"
}

# The lines of the chat that a person has seen, without their times: the row in which the person
# types looks the same but for that.
heard_by() {
    screen_of "$1" | sed -nE 's/ +$//; s/^([0-9-]{10} )?[0-9]{2}:[0-9]{2} (\[.*)/\2/p'
}

hears() {
    heard_by "$1" | grep -qxF -- "$2"
}

everybody_hears() {
    local person
    for person in "${people[@]}"; do
        wait_for "\"$1\" at $person" hears "$person" "$1"
    done
}
