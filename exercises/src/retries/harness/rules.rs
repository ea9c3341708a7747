//! The rules, in the order of the sheet.

use std::time::Duration;

use crate::pauses;
use crate::script::{Reply, Said, Seen, run, said};
use crate::world::{Failure, Repeat, Request};

pub(crate) type Verdict = Result<(), Said>;

/// All of them.
pub(crate) const ALL: [fn() -> Verdict; 10] = [
    answer_is_kept,
    unsent_is_repeated,
    safe_is_repeated,
    doubtful_is_left,
    keyed_is_repeated,
    wrong_stays_wrong,
    sends_are_bounded,
    deadline_holds,
    pauses::grow,
    pauses::differ,
];

/// The sheet allows so many sends of one call.
const SENDS: usize = 5;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
pub(crate) const REFUSED: Reply = at_once(Err(Failure::NotSent));
const LOST: Reply = at_once(Err(Failure::Lost));
const WRONG: Reply = at_once(Err(Failure::InvalidArgument));
const ANSWER: Reply = at_once(Ok(42));

const fn at_once(outcome: Result<i32, Failure>) -> Reply {
    after(0, outcome)
}

const fn after(milliseconds: u64, outcome: Result<i32, Failure>) -> Reply {
    let takes = Duration::from_millis(milliseconds);
    Reply { takes, outcome }
}

/// What may be repeated, and what may not; their names tell nothing of it, so that nobody who goes by
/// names passes.
const SAFE: [&str; 2] = ["get_user", "set_address"];
const UNSAFE: [&str; 2] = ["create_user", "get_next_ticket"];

fn safe(operation: &'static str) -> Request {
    Request {
        operation,
        repeat: Repeat::Safe,
        key: None,
    }
}

pub(crate) fn reading() -> Request {
    safe(SAFE[0])
}

fn doing(operation: &'static str, key: Option<&str>) -> Request {
    let key = key.map(str::to_owned);
    Request {
        operation,
        repeat: Repeat::Unsafe,
        key,
    }
}

/// With an hour for it and chance in the middle.
fn plain(request: &Request, replies: &[Reply]) -> Result<Seen, Said> {
    run(request, replies, HOUR, &[0.5])
}

/// That it was sent so often, and that the caller got the service's last word.
fn told(seen: &Seen, sends: usize, result: Result<i32, Failure>, story: Said) -> Verdict {
    let (Said { en, pt }, sent) = (story, seen.sends());
    if sent != sends {
        return Err(said!(
            "{en} Number of sends: {sent}.",
            "{pt} Número de envios: {sent}."
        ));
    }
    let got = seen.result;
    if got != result {
        return Err(said!(
            "{en} The caller got {got:?}, which is not what the last try came to.",
            "{pt} Quem chamou recebeu {got:?}, que não é o resultado da última tentativa."
        ));
    }
    Ok(())
}

fn answer_is_kept() -> Verdict {
    let seen = plain(&reading(), &[ANSWER])?;
    let story = said!(
        "The first try of get_user was answered.",
        "A primeira tentativa de get_user foi respondida."
    );
    told(&seen, 1, Ok(42), story)
}

fn unsent_is_repeated() -> Verdict {
    let requests = SAFE.map(safe).into_iter();
    for request in requests.chain(UNSAFE.map(|operation| doing(operation, None))) {
        let seen = plain(&request, &[REFUSED, REFUSED, ANSWER])?;
        let operation = request.operation;
        let story = said!(
            "{operation}: two connections are refused, a third one would be answered.",
            "{operation}: duas conexões são recusadas, uma terceira seria respondida."
        );
        told(&seen, 3, Ok(42), story)?;
    }
    Ok(())
}

fn safe_is_repeated() -> Verdict {
    for operation in SAFE {
        let seen = plain(&safe(operation), &[LOST, ANSWER])?;
        let story = said!(
            "{operation}, which the contract calls Safe, is Lost once, then would be answered.",
            "{operation}, que o contrato chama de Safe, dá Lost uma vez; depois seria respondida."
        );
        told(&seen, 2, Ok(42), story)?;
    }
    Ok(())
}

fn doubtful_is_left() -> Verdict {
    for operation in UNSAFE {
        let request = doing(operation, None);
        for failure in [Failure::Lost, Failure::DeadlineExceeded] {
            let seen = plain(&request, &[at_once(Err(failure)), ANSWER])?;
            let story = said!(
                "{operation}, which the contract calls Unsafe, ends in {failure:?}: nobody knows whether it is done by now.",
                "{operation}, que o contrato chama de Unsafe, termina em {failure:?}: ninguém sabe se já está feita."
            );
            told(&seen, 1, Err(failure), story)?;
        }
        let seen = plain(&request, &[REFUSED, LOST, ANSWER])?;
        let story = said!(
            "{operation} is refused, then Lost: each failure is judged by itself.",
            "{operation} é recusada, depois dá Lost: cada falha se julga por si."
        );
        told(&seen, 2, Err(Failure::Lost), story)?;
    }
    Ok(())
}

fn keyed_is_repeated() -> Verdict {
    for operation in UNSAFE {
        let keyed = doing(operation, Some("order-17"));
        let seen = plain(&keyed, &[LOST, ANSWER])?;
        let story = said!(
            "{operation} carries a key, is Lost once, then would be answered.",
            "{operation} leva uma chave, dá Lost uma vez; depois seria respondida."
        );
        told(&seen, 2, Ok(42), story)?;
        if seen.script.sends.iter().any(|send| send.request != keyed) {
            return Err(said!(
                "The second request is not the first one: with another key it is new work.",
                "A segunda requisição não é igual à primeira: com outra chave, é trabalho novo."
            ));
        }
    }
    Ok(())
}

fn wrong_stays_wrong() -> Verdict {
    let seen = plain(&reading(), &[WRONG, ANSWER])?;
    let story = said!(
        "The server has read the request and calls it wrong.",
        "O servidor leu a requisição e diz que ela está errada."
    );
    told(&seen, 1, Err(Failure::InvalidArgument), story)?;
    let seen = plain(&reading(), &[REFUSED, WRONG, ANSWER])?;
    let story = said!(
        "A first connection is refused, then the server calls the request wrong.",
        "A primeira conexão é recusada; depois o servidor diz que a requisição está errada."
    );
    told(&seen, 2, Err(Failure::InvalidArgument), story)
}

fn sends_are_bounded() -> Verdict {
    let seen = plain(&reading(), &[REFUSED])?;
    let sent = seen.sends();
    if sent < 3 {
        return Err(said!(
            "Nobody listens for an hour, and that is all the time it has. Number of sends: {sent}, which is giving up early.",
            "Ninguém escuta durante uma hora, que é todo o prazo. Número de envios: {sent}, o que é desistir cedo."
        ));
    }
    if sent > SENDS {
        return Err(said!(
            "Nobody listens. Number of sends: {sent}. A server that is down gets that from every client at once.",
            "Ninguém escuta. Número de envios: {sent}. Um servidor caído recebe isso de todos os clientes ao mesmo tempo."
        ));
    }
    let story = said!("Nobody listens.", "Ninguém escuta.");
    told(&seen, sent, Err(Failure::NotSent), story)
}

/// Nothing begins when the time is up, and nothing may last beyond it.
fn within_deadline(seen: &Seen) -> Verdict {
    for (number, send) in (1..).zip(&seen.script.sends) {
        let (left, wait) = (seen.end.saturating_sub(send.at), send.wait);
        if left.is_zero() {
            return Err(said!(
                "Try {number} is sent when no time is left.",
                "A tentativa {number} é enviada quando já não há tempo."
            ));
        }
        if wait > left {
            return Err(said!(
                "Try {number} may wait {wait:?}, and {left:?} of the whole call's time are left.",
                "A tentativa {number} pode esperar {wait:?}, e restam {left:?} do prazo da chamada toda."
            ));
        }
    }
    for pause in &seen.script.pauses {
        let (left, time) = (seen.end.saturating_sub(pause.at), pause.time);
        if time >= left {
            return Err(said!(
                "It pauses {time:?} where {left:?} are left: nothing can follow, so the caller waits for nothing.",
                "Ela pausa {time:?} quando restam {left:?}: nada pode vir depois, e quem chamou espera à toa."
            ));
        }
    }
    Ok(())
}

fn deadline_holds() -> Verdict {
    let short = Duration::from_millis(130);
    within_deadline(&run(&reading(), &[REFUSED], short, &[0.999])?)?;
    // Once more with the very time that its first pause takes, whatever it is.
    let pauses = plain(&reading(), &[REFUSED])?.pauses();
    let pause = pauses.first().copied().unwrap_or_default();
    if !pause.is_zero() {
        within_deadline(&run(&reading(), &[REFUSED], pause, &[0.5])?)?;
    }
    within_deadline(&run(&reading(), &[after(10_000, Ok(42))], SECOND, &[0.5])?)?;
    let late = [
        after(600, Err(Failure::Lost)),
        after(350, Err(Failure::Lost)),
    ];
    within_deadline(&run(&reading(), &late, SECOND, &[0.5])?)?;
    let in_time = [after(600, Err(Failure::Lost)), after(50, Ok(42))];
    let enough = Duration::from_millis(600 + 100) + pause;
    let seen = run(&reading(), &in_time, enough, &[0.5])?;
    within_deadline(&seen)?;
    match seen.result {
        Ok(42) => Ok(()),
        _ => Err(said!(
            "The first try is Lost after 600 ms of {enough:?}. A second one, after a pause of {pause:?}, would have been answered in 50 ms, and the caller got no answer.",
            "A primeira tentativa dá Lost depois de 600 ms de {enough:?}. Uma segunda, depois de uma pausa de {pause:?}, seria respondida em 50 ms, e quem chamou ficou sem resposta."
        )),
    }
}
