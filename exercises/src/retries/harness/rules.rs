//! The rules, in the order of the sheet.

use std::time::Duration;

use crate::script::{Reply, Said, Seen, run, said};
use crate::world::{Failure, Repeat, Request};

type Verdict = Result<(), Said>;

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
    pauses_grow,
    pauses_differ,
];

/// The sheet allows so many sends of one call.
const SENDS: usize = 5;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);
const REFUSED: Reply = at_once(Err(Failure::NotSent));
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

fn reading() -> Request {
    Request {
        operation: "get_user",
        repeat: Repeat::Safe,
        key: None,
    }
}

fn creating(key: Option<&str>) -> Request {
    let key = key.map(str::to_owned);
    Request {
        operation: "create_user",
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
    for request in [reading(), creating(None)] {
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
    let seen = plain(&reading(), &[LOST, ANSWER])?;
    let story = said!(
        "get_user, which the contract calls Safe, is Lost once, then would be answered.",
        "get_user, que o contrato chama de Safe, dá Lost uma vez; depois seria respondida."
    );
    told(&seen, 2, Ok(42), story)
}

fn doubtful_is_left() -> Verdict {
    for failure in [Failure::Lost, Failure::DeadlineExceeded] {
        let seen = plain(&creating(None), &[at_once(Err(failure)), ANSWER])?;
        let story = said!(
            "create_user ends in {failure:?}: nobody knows whether the user exists by now.",
            "create_user termina em {failure:?}: ninguém sabe se o usuário já existe."
        );
        told(&seen, 1, Err(failure), story)?;
    }
    let seen = plain(&creating(None), &[REFUSED, LOST, ANSWER])?;
    let story = said!(
        "create_user is refused, then Lost: each failure is judged by itself.",
        "create_user é recusada, depois dá Lost: cada falha se julga por si."
    );
    told(&seen, 2, Err(Failure::Lost), story)
}

fn keyed_is_repeated() -> Verdict {
    let keyed = creating(Some("order-17"));
    let seen = plain(&keyed, &[LOST, ANSWER])?;
    let story = said!(
        "create_user carries a key, is Lost once, then would be answered.",
        "create_user leva uma chave, dá Lost uma vez; depois seria respondida."
    );
    told(&seen, 2, Ok(42), story)?;
    match seen.script.sends.iter().all(|send| send.request == keyed) {
        true => Ok(()),
        false => Err(said!(
            "The second request is not the first one: with another key it is new work.",
            "A segunda requisição não é igual à primeira: com outra chave, é trabalho novo."
        )),
    }
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
    within_deadline(&run(&reading(), &[after(10_000, Ok(42))], SECOND, &[0.5])?)?;
    let late = [
        after(600, Err(Failure::Lost)),
        after(350, Err(Failure::Lost)),
    ];
    within_deadline(&run(&reading(), &late, SECOND, &[0.5])?)?;
    let in_time = [after(600, Err(Failure::Lost)), after(50, Ok(42))];
    let seen = run(&reading(), &in_time, SECOND, &[0.5])?;
    within_deadline(&seen)?;
    match seen.result {
        Ok(42) => Ok(()),
        _ => Err(said!(
            "After the first try, Lost at 600 ms of 1 s, a second one would have been answered in 50 ms, and the caller got no answer.",
            "Depois da primeira tentativa, Lost aos 600 ms de 1 s, uma segunda seria respondida em 50 ms, e quem chamou ficou sem resposta."
        )),
    }
}

fn pauses_grow() -> Verdict {
    let pauses = run(
        &reading(),
        &[REFUSED, REFUSED, REFUSED, ANSWER],
        HOUR,
        &[0.999],
    )?
    .pauses();
    let count = pauses.len();
    if count < 2 {
        return Err(said!(
            "Four sends should have three pauses between them. Number of pauses: {count}.",
            "Quatro envios devem ter três pausas entre eles. Número de pausas: {count}."
        ));
    }
    if pauses[0] < Duration::from_millis(10) {
        return Err(said!(
            "Pauses {pauses:?}: the first one is too short for a server to recover.",
            "Pausas {pauses:?}: a primeira é curta demais para um servidor se recuperar."
        ));
    }
    if pauses
        .windows(2)
        .any(|pair| pair[1].as_secs_f64() < pair[0].as_secs_f64() * 1.4)
    {
        return Err(said!(
            "With the same chance each time the pauses are {pauses:?}: they should grow, and not by a constant step.",
            "Com o mesmo sorteio toda vez, as pausas são {pauses:?}: elas devem crescer, e não em passo constante."
        ));
    }
    match pauses.iter().any(|pause| *pause > 30 * SECOND) {
        true => Err(said!(
            "Pauses {pauses:?}: give the longest one a bound.",
            "Pausas {pauses:?}: dê um limite à mais longa."
        )),
        false => Ok(()),
    }
}

fn pauses_differ() -> Verdict {
    let replies = [REFUSED, REFUSED, ANSWER];
    let one = run(&reading(), &replies, HOUR, &[0.1, 0.9])?.pauses();
    let other = run(&reading(), &replies, HOUR, &[0.8, 0.3])?.pauses();
    if one.is_empty() {
        return Err(said!(
            "It does not pause between tries.",
            "Ela não pausa entre as tentativas."
        ));
    }
    match one.iter().zip(&other).any(|(one, other)| one == other) {
        true => Err(said!(
            "Two clients that fail at the same moment pause {one:?} and {other:?}: where two pauses are alike they come back together.",
            "Dois clientes que falham no mesmo instante pausam {one:?} e {other:?}: onde duas pausas são iguais, eles voltam juntos."
        )),
        false => Ok(()),
    }
}
