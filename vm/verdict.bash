# What the kernel's log tells of a run, for vm/run. To be sourced.
# shellcheck disable=SC2154 # run and allowed are vm/run's

# How a line begins, behind its time, that a healthy kernel does not write.
readonly TROUBLE='^(WARNING: |BUG: |watchdog: BUG: |kernel BUG at |Oops|general protection fault|Kernel panic|UBSAN: |INFO: task .* blocked |(rcu: )?INFO: rcu_.*detected.* stall|INFO: possible |INFO: trying to register non-static key|Out of memory: )'
readonly BLOCK_LINES=60 # of a trouble, at most

# Sets `log` to the kernel's: what the guest handed over in the end, or what its console had.
find_log() {
  log=$run/log
  [[ -s $log ]] || log=$run/console
}

# Prints the log's part from the first line that matches $1, or its end.
show_log() {
  [[ -s $log ]] || return 0
  echo "--- the kernel's log"
  tr -d '\r' <"$log" | awk -v from="$1" '
    !found && $0 ~ from { found = NR }
    { line[NR] = $0 }
    END {
      first = found ? found : NR - 29
      for (i = first > 0 ? first : 1; i <= NR && i < first + 150; i++) print line[i]
    }'
  echo "---"
}

# Prints every trouble in the file $1 that no expression of `allowed` matches; returns 1 if there is none. A trouble is
# told in a block of lines. It begins with a scissors line where the kernel prints one: a warning's own words stand before
# WARNING. Only its heading, up to that line, is matched: what was under way at the time is no excuse.
unexpected_trouble() {
  local line text block='' title='' heading='' lines=0 found=1
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    text=${line#\[*\] }
    if [[ $text == '------------[ cut here ]'* ]]; then
      judge && found=0
      block=$line title='' lines=1 heading=1
    elif [[ $text =~ $TROUBLE && -z $heading ]]; then
      judge && found=0
      block=$line title=$line lines=1
    elif [[ -n $block ]]; then
      [[ -z $heading ]] || title+=$'\n'$line
      [[ ! $text =~ $TROUBLE ]] || heading=
      block+=$'\n'$line
      ((++lines < BLOCK_LINES)) && [[ $text != '---[ end trace'* ]] && continue
      judge && found=0
      block='' heading=''
    fi
  done <"$1"
  judge && found=0
  return "$found"
}

# Prints `block` and returns 0 if it is one and its `title` is not allowed.
judge() {
  local expression
  [[ -n $block ]] || return 1
  for expression in "${allowed[@]}"; do [[ ! $title =~ $expression ]] || return 1; done
  printf '%s\n' "$block"
}
