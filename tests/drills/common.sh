# What the drills share: `source "$(dirname "${BASH_SOURCE[0]}")/common.sh"`. Leaves the shell in the project's folder.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Says what is wrong with the command, and ends.
wrong() { printf 'tests/drill %s: %s; see tests/drill %s --help\n' "$(basename "$0")" "$*" "$(basename "$0")" >&2; exit 2; }

# A whole number from 1 that an option needs: `number --points "${2:-}"`.
number() { [[ ${2:-} =~ ^[1-9][0-9]{0,17}$ ]] || wrong "$1 needs a number from 1"; printf '%s' "$2"; }

# Runs tests of tests/it that only a drill runs (`#[ignore]`), by their whole names (`drill::power::every_point_of_the_script`); what they
# print is shown. Options reach them as environment variables ANTREAN_DRILL_*. Ends with 1 where one fails.
run_tests() {
    local said
    said=$(mktemp)
    if ! cargo test --locked --quiet --test it -- --ignored --exact --nocapture --test-threads 1 "$@" | tee "$said"; then
        rm -f "$said"
        exit 1
    fi
    # A name that is not there is no failure to the test runner.
    local passed
    passed=$(sed -n 's/^test result: ok\. \([0-9]*\) passed.*/\1/p' "$said")
    rm -f "$said"
    [[ $passed == "$#" ]] || { printf 'tests/drill: %s of %s tests ran: %s\n' "${passed:-none}" "$#" "$*" >&2; exit 1; }
}
