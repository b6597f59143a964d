# What the drills share: `source "$(dirname "${BASH_SOURCE[0]}")/common.sh"`. Leaves the shell in the project's folder.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Says what is wrong with the command, and ends.
wrong() { printf 'tests/drill %s: %s; see tests/drill %s --help\n' "$(basename "$0")" "$*" "$(basename "$0")" >&2; exit 2; }

# A whole number from 1 that an option needs: `number --points "${2:-}"`.
number() { [[ ${2:-} =~ ^[1-9][0-9]{0,17}$ ]] || wrong "$1 needs a number from 1"; printf '%s' "$2"; }

# Reads the options of a drill that goes through the calls of a script, and hands them on.
sweep_options() {
    while (($#)); do
        case $1 in
            --points) ANTREAN_DRILL_POINTS=$(number "$1" "${2:-}") ;;
            --seed) ANTREAN_DRILL_SEED=$(number "$1" "${2:-}") ;;
            --at) ANTREAN_DRILL_AT=$(number "$1" "${2:-}") ;;
            --jobs) ANTREAN_DRILL_JOBS=$(number "$1" "${2:-}") ;;
            *) wrong "there is no option $1" ;;
        esac
        shift 2
    done
    export ANTREAN_DRILL_POINTS=${ANTREAN_DRILL_POINTS:-} ANTREAN_DRILL_SEED=${ANTREAN_DRILL_SEED:-}
    export ANTREAN_DRILL_AT=${ANTREAN_DRILL_AT:-} ANTREAN_DRILL_JOBS=${ANTREAN_DRILL_JOBS:-}
}

# How the program is built for a drill: nothing, or `--release`.
BUILD=()

# Runs tests of tests/it, also those that only a drill runs (`#[ignore]`), by their whole names (`drill::power::every_point_of_the_script`); what they
# print is shown. Options reach them as environment variables ANTREAN_DRILL_*. Ends with 1 where one fails.
run_tests() {
    local said
    said=$(mktemp)
    if ! cargo test --locked --quiet "${BUILD[@]}" --test it -- --include-ignored --exact --nocapture --test-threads 1 "$@" | tee "$said"; then
        rm -f "$said"
        exit 1
    fi
    # A name that is not there is no failure to the test runner.
    local passed
    passed=$(sed -n 's/^test result: ok\. \([0-9]*\) passed.*/\1/p' "$said")
    rm -f "$said"
    [[ $passed == "$#" ]] || { printf 'tests/drill: %s of %s tests ran: %s\n' "${passed:-none}" "$#" "$*" >&2; exit 1; }
}
