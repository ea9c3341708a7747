//! Every scenario by its sentence.

use super::{Scenario, calculator, calls, chat, files, greeter, metrics, numbers, users, usuarios};

/// A scenario from an async function over `&dyn Backend`.
macro_rules! scenario {
    ($name:literal, $run:path) => {
        Scenario {
            name: $name,
            run: |backend| Box::pin(async move { $run(&*backend).await }),
        }
    };
}

/// Every scenario, service by service.
pub static SCENARIOS: &[Scenario] = &[
    scenario!(
        "sums and products are exact up to the limits",
        calculator::exact
    ),
    scenario!(
        "a result past 32 bits is OutOfRange",
        calculator::past_32_bits
    ),
    scenario!("cubes are exact up to the limits", calculator::cubes),
    scenario!("upper case follows Unicode", calculator::uppercase),
    scenario!("a long text arrives whole", calculator::long_text),
    scenario!(
        "greetings are word for word those of the courses",
        greeter::greetings
    ),
    scenario!(
        "the courses' samples give the courses' report",
        metrics::report
    ),
    scenario!("doubles arrive to the last bit", metrics::last_bit),
    scenario!("a thousand samples of each kind arrive", metrics::thousand),
    scenario!("empty lists are refused by name", metrics::empty_lists),
    scenario!(
        "a value that is not finite is InvalidArgument",
        metrics::not_finite
    ),
    scenario!(
        "a mean that overflows is OutOfRange",
        metrics::overflowing_mean
    ),
    scenario!("the system tells its name", metrics::system_info),
    scenario!(
        "a metric tells host, type, value, time and unit",
        metrics::metric
    ),
    scenario!(
        "an unknown type of metric is refused by name",
        metrics::unknown_type
    ),
    scenario!("ten metrics stream in", metrics::metric_stream),
    scenario!(
        "a stream of an unknown type does not open",
        metrics::unknown_stream
    ),
    scenario!("uploaded metrics are summed up", metrics::record),
    scenario!("an empty upload is refused", metrics::record_nothing),
    scenario!(
        "an upload that breaks off fails",
        metrics::record_broken_off
    ),
    scenario!("health names the service", metrics::health),
    scenario!(
        "numbers come in order, each with its square",
        numbers::in_order
    ),
    scenario!("a range up to 1000 wide streams whole", numbers::widest),
    scenario!("a reversed or wider range does not open", numbers::refused),
    scenario!(
        "32 calls at once get each its own answer",
        calls::calls_at_once
    ),
    scenario!(
        "8 streams at once keep their items apart",
        calls::streams_at_once
    ),
    scenario!(
        "a stream dropped half-way leaves the next calls alone",
        calls::dropped_stream
    ),
    scenario!(
        "a call dropped at once leaves the next calls alone",
        calls::dropped_calls
    ),
    scenario!(
        "a deadline that has passed is DeadlineExceeded",
        calls::passed_deadline
    ),
    scenario!("a deadline far away changes nothing", calls::far_deadline),
    scenario!(
        "a stalled upload ends with its deadline",
        calls::stalled_upload
    ),
    scenario!(
        "a user is kept as it was sent, whatever its language",
        users::created
    ),
    scenario!("an external id is kept, or made", users::external_ids),
    scenario!(
        "an e-mail address is taken once, whatever the case",
        users::taken_email
    ),
    scenario!(
        "of eight who take an e-mail address at once one gets it",
        users::taken_at_once
    ),
    scenario!("an external id is taken once", users::taken_external_id),
    scenario!(
        "a user changes by what is given and no more",
        users::updated
    ),
    scenario!(
        "a deleted user is given as it was, and is gone",
        users::deleted
    ),
    scenario!("an unknown user is NotFound by its id", users::unknown),
    scenario!(
        "a user that cannot be kept is refused by the field",
        users::refused
    ),
    scenario!(
        "changes that cannot be kept are refused by the field",
        users::refused_changes
    ),
    scenario!(
        "users are listed in the order of their ids, by pages",
        users::pages
    ),
    scenario!(
        "a negative limit does not open a list",
        users::negative_limit
    ),
    scenario!(
        "a usuario has the id that it brings, or one is made",
        usuarios::created
    ),
    scenario!(
        "usuarios and users are the same people",
        usuarios::same_people
    ),
    scenario!(
        "what a usuario brings twice is AlreadyExists",
        usuarios::taken
    ),
    scenario!(
        "a usuario that cannot be kept is refused by the field, never by its password",
        usuarios::refused
    ),
    scenario!("a file of nothing has the hash of nothing", files::nothing),
    scenario!("a file of one byte has its hash", files::one_byte),
    scenario!(
        "a file of 3 MiB in small chunks has its hash",
        files::three_mebibytes
    ),
    scenario!(
        "a chunk larger than any message arrives whole",
        files::large_chunk
    ),
    scenario!("four files at once keep their bytes apart", files::at_once),
    scenario!("a file that breaks off is never a file", files::broken_off),
    scenario!("a stalled file ends with its deadline", files::stalled),
    scenario!(
        "a participant hears its own line, with its place",
        chat::own_line
    ),
    scenario!(
        "two participants hear the same in the same order",
        chat::same_order
    ),
    scenario!(
        "eight participants with fifty lines each hear one order, each line once",
        chat::eight_participants
    ),
    scenario!("who resumes hears what it has missed", chat::resumed),
    scenario!(
        "after 0 everything kept comes in order, without gaps",
        chat::everything_kept
    ),
    scenario!(
        "resuming after what was not said yet is OutOfRange",
        chat::ahead
    ),
    scenario!("a line that is said again is heard once", chat::said_again),
    scenario!(
        "a line that is posted again is given as it was first",
        chat::posted_again
    ),
    scenario!("lines without an id are all said", chat::without_ids),
    scenario!(
        "who joins without a name has that of the first line",
        chat::first_name
    ),
    scenario!("a line without a name is the participant's", chat::own_name),
    scenario!("speaking in another's name is refused", chat::anothers_name),
    scenario!("who leaves hears up to the own last line", chat::leaving),
    scenario!("who breaks off is told its own reason", chat::breaking_off),
    scenario!(
        "participants are named while they take part",
        chat::participants
    ),
    scenario!("who drops its stream has left", chat::dropped),
    scenario!("a line is set in time where it is not", chat::timestamps),
    scenario!(
        "a line that cannot be said is refused by the field",
        chat::refused
    ),
    scenario!(
        "the longest line arrives, in any language",
        chat::longest_line
    ),
];
