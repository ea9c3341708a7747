//! Exercise 1: requests typed by hand.

use std::fs;

use crate::tried::{Checked, Tried};

const XML: &str = "1-xmlrpc-add.http";
const JSON: &str = "2-jsonrpc-add.http";
const ACCENTS: &str = "3-xmlrpc-uppercase.http";
const ERROR: &str = "4-jsonrpc-error.http";
const TWICE: &str = "5-jsonrpc-twice.http";

/// The solution with a piece of a file replaced, checked. What is printed never has a body or a
/// length of the solution in it.
fn mistake(file: &str, from: &str, to: &str) -> Checked {
    let tried = Tried::solution(1);
    tried.replace(file, from, to);
    let checked = tried.check();
    assert!(!checked.passed, "{}", checked.shown);
    checked.tells("4 of 5 parts are right");
    gives_nothing_away(&checked, file);
    checked
}

fn gives_nothing_away(checked: &Checked, file: &str) {
    let solution = Tried::solution(1);
    let text = fs::read_to_string(solution.path(file)).expect("the solution is text");
    let (head, body) = text.split_once("\r\n\r\n").expect("an empty line");
    checked.hides(body);
    let lengths = head
        .lines()
        .filter_map(|line| line.strip_prefix("Content-Length: "));
    for length in lengths {
        checked.hides(&format!(" {length}"));
    }
}

#[test]
fn a_wrong_length_is_told_by_how_much() {
    let short = mistake(JSON, "Content-Length: 58", "Content-Length: 56");
    short.tells("Content-Length is off by 2: too small.");
    let long = mistake(JSON, "Content-Length: 58", "Content-Length: 61");
    long.tells("Content-Length is off by 3: too great.");
    long.tells("The server says nothing: it waits for more bytes.");
    mistake(JSON, "Content-Length: 58\r\n", "").tells("one field that says how long the body is");
    mistake(JSON, "Content-Length: 58", "Content-Length: many").tells("in decimal digits");
}

#[test]
fn a_length_that_counts_something_else_is_told_by_what_it_counts() {
    let tried = Tried::solution(1);
    let text = fs::read_to_string(tried.path(ACCENTS)).expect("the solution is text");
    let (head, body) = text.split_once("\r\n\r\n").expect("an empty line");
    let was = format!("Content-Length: {}", body.len());
    let characters = format!("Content-Length: {}", body.chars().count());
    mistake(ACCENTS, &was, &characters).tells("Content-Length seems to count characters.");
    let whole = format!("Content-Length: {}", head.len() + 4 + body.len());
    mistake(ACCENTS, &was, &whole).tells("Content-Length counts the head too");
}

#[test]
fn a_head_that_does_not_end_is_told_with_its_line() {
    let glued = mistake(XML, "\r\n\r\n", "\r\n");
    glued.tells("Line 5 looks like the body, but the head has not ended");
    glued.tells("HTTP/1.1 400");
    let bare = mistake(XML, "POST /RPC2 HTTP/1.1\r\n", "POST /RPC2 HTTP/1.1\n");
    bare.tells("Line 1 ends with LF alone.");
    bare.tells("HTTP/1.1 200 OK");
}

#[test]
fn what_the_head_says_is_judged_field_by_field() {
    let wrong = mistake(XML, "text/xml", "application/json");
    wrong.tells("Content-Type says application/json, which is not what XML-RPC is sent as.");
    wrong.tells("HTTP/1.1 415");
    mistake(XML, "Host: 127.0.0.1:9000\r\n", "").tells("one field Host");
    mistake(XML, "Host: 127.0.0.1:9000", "Host: example.org").tells("HTTP/1.1 403");
    mistake(XML, "Host:", "Host :").tells("Line 2 is no header field");
    mistake(XML, "POST /", "GET /").tells("The method is GET.");
    mistake(XML, "HTTP/1.1", "HTTP/1").tells("The version is HTTP/1;");
    mistake(XML, " HTTP/1.1", "").tells("It has three parts");
}

#[test]
fn a_call_that_is_refused_is_told_in_the_servers_words() {
    let unknown = mistake(XML, "<methodName>add<", "<methodName>sum<");
    unknown.tells("It is a fault, and HTTP's status is 200 all the same");
    unknown.tells("faultString");
    let text = mistake(JSON, "[1998,27]", "[1998,99]");
    text.tells("The server gives 2097, an answer to another question");
    let silent = mistake(JSON, ",\"id\":1}", "       }");
    silent.tells("took the request for a notification");
    let error = mistake(ERROR, "\"get_user\"", "\"get_lost\"");
    error.tells("Error -32601 is about the request itself");
}

#[test]
fn a_right_answer_to_another_call_is_told() {
    let other = "the call is not the sheet's";
    mistake(JSON, "[1998,27]", "[2000,25]").tells(other);
    let text = "pão de queijo é bom";
    mistake(ACCENTS, text, &text.to_uppercase()).tells(other);
    mistake(ERROR, "[404]", "[405]").tells(other);
    mistake(TWICE, "[1,2]", "[3,0]").tells(other);
    mistake(TWICE, "\"id\":2", "\"id\":1").tells("Both calls have the id 1");
    let tried = Tried::solution(1);
    tried.replace(XML, "<int>1998<", "<int>2000<");
    tried.replace(XML, "<int>27<", "<int>25<");
    tried.check().tells(other);
}

#[test]
fn one_request_where_two_are_asked_for_is_told() {
    let tried = Tried::solution(1);
    let text = fs::read_to_string(tried.path(TWICE)).expect("the solution is text");
    let second = text.rfind("POST ").expect("there are two");
    tried.write(TWICE, &text.as_bytes()[..second]);
    let checked = tried.check();
    checked.tells("Requests in the file: 1; asked for: 2.");
    let glued = mistake(TWICE, "Content-Length: 54", "Content-Length: 53");
    glued.tells("Content-Length is off by 1: too small.");
}

#[test]
fn what_an_editor_adds_at_the_end_does_no_harm() {
    let tried = Tried::solution(1);
    for file in [XML, JSON, ACCENTS, ERROR, TWICE] {
        let mut text = fs::read(tried.path(file)).expect("the solution is there");
        text.push(b'\n');
        tried.write(file, &text);
    }
    let checked = tried.check();
    assert!(checked.passed, "{}", checked.shown);
}

#[test]
fn bytes_that_are_no_utf_8_are_told_with_their_place() {
    let tried = Tried::solution(1);
    let text = fs::read_to_string(tried.path(ACCENTS)).expect("the solution is text");
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    tried.write(ACCENTS, &latin);
    let checked = tried.check();
    assert!(!checked.passed);
    checked.tells("of the body is not UTF-8");
}
