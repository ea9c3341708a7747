//! Compares two ways to ask a server for the mean of samples: Plain sends them as a line of text,
//! Swift as eight bytes each. `./bench plain` and `./bench swift` print the figures of the report.

use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Calls of each measurement, after those that only warm up.
const CALLS: u32 = 2_000;
/// Calls a second of the steady measurement.
const RATE: u32 = 1_000;
/// Calls before the clock runs, for both protocols alike.
const WARM_UP: u32 = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Plain,
    Swift,
}

struct Client {
    protocol: Protocol,
    writer: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Client {
    fn connect(server: SocketAddr, protocol: Protocol) -> io::Result<Self> {
        let writer = TcpStream::connect(server)?;
        // Without this the kernel may hold a small request back for 40 ms.
        writer.set_nodelay(true)?;
        let reader = BufReader::new(writer.try_clone()?);
        Ok(Self {
            protocol,
            writer,
            reader,
        })
    }

    fn mean(&mut self, samples: &[f64]) -> io::Result<f64> {
        self.writer.write_all(&request(self.protocol, samples))?;
        answer(self.protocol, &mut self.reader)
    }
}

/// The request as it goes over the wire, encoded anew for each call.
fn request(protocol: Protocol, samples: &[f64]) -> Vec<u8> {
    if protocol == Protocol::Plain {
        let words: Vec<String> = samples.iter().map(f64::to_string).collect();
        return format!("{}\n", words.join(" ")).into_bytes();
    }
    let mut bytes = (samples.len() as u32).to_le_bytes().to_vec();
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

fn answer(protocol: Protocol, reader: &mut impl BufRead) -> io::Result<f64> {
    if protocol == Protocol::Plain {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        return line.trim().parse().map_err(io::Error::other);
    }
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes)?;
    Ok(f64::from_le_bytes(bytes))
}

/// What each call asks the mean of.
fn samples(protocol: Protocol) -> Vec<f64> {
    let count = match protocol {
        Protocol::Plain => 1_000,
        Protocol::Swift => 100,
    };
    (0..count).map(|number| f64::from(number) * 0.25).collect()
}

/// One call, and a check of its answer, so that nobody is fast by being wrong.
fn checked(client: &mut Client, samples: &[f64]) -> io::Result<()> {
    let wanted = samples.iter().sum::<f64>() / samples.len() as f64;
    let got = black_box(client.mean(samples)?);
    if got == wanted {
        return Ok(());
    }
    Err(io::Error::other(format!("{got} instead of {wanted}")))
}

/// Latency one call at a time.
fn one_at_a_time(server: SocketAddr, protocol: Protocol) -> io::Result<Vec<Duration>> {
    let samples = samples(protocol);
    let mut client = Client::connect(server, protocol)?;
    for _ in 0..WARM_UP {
        checked(&mut client, &samples)?;
    }
    let mut latencies = Vec::new();
    for _ in 0..CALLS {
        let clock = Instant::now();
        if protocol == Protocol::Plain {
            client = Client::connect(server, protocol)?;
        }
        checked(&mut client, &samples)?;
        latencies.push(clock.elapsed());
    }
    Ok(latencies)
}

/// Latency while calls come at a steady rate, whether or not the server keeps up with them.
fn steady(server: SocketAddr, protocol: Protocol) -> io::Result<Vec<Duration>> {
    let samples = samples(protocol);
    let mut client = Client::connect(server, protocol)?;
    for _ in 0..WARM_UP {
        checked(&mut client, &samples)?;
    }
    let mut latencies = Vec::new();
    let begun = Instant::now();
    for number in 0..CALLS {
        let due = begun + Duration::from_secs(1) / RATE * number;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let clock = Instant::now();
        checked(&mut client, &samples)?;
        latencies.push(clock.elapsed());
    }
    Ok(latencies)
}

/// Calls a second while every connection has always one call in flight.
fn throughput(server: SocketAddr, protocol: Protocol) -> f64 {
    let connections = match protocol {
        Protocol::Plain => 1,
        Protocol::Swift => 8,
    };
    let clock = Instant::now();
    let callers = (0..connections).map(|_| {
        thread::spawn(move || {
            let samples = samples(protocol);
            let mut client = Client::connect(server, protocol)?;
            (0..CALLS).try_for_each(|_| checked(&mut client, &samples))
        })
    });
    let callers: Vec<_> = callers.collect();
    for caller in callers {
        // A call that fails ends the measurement: it is never counted as a fast one.
        caller
            .join()
            .expect("no panic")
            .expect("every call is answered");
    }
    f64::from(CALLS * connections) / clock.elapsed().as_secs_f64()
}

/// The highest latency of the fastest `percent` of the calls.
fn percentile(latencies: &mut [Duration], percent: usize) -> Duration {
    latencies.sort_unstable();
    latencies[(latencies.len() * percent).div_ceil(100) - 1]
}

/// Answers one connection until it closes.
fn serve(stream: TcpStream, protocol: Protocol) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    for served in 1_u32.. {
        let Some(samples) = read(protocol, &mut reader)? else {
            break;
        };
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        // Servers pause: this one for 50 ms in a thousand calls, in both protocols.
        if served % 1_000 == 0 {
            thread::sleep(Duration::from_millis(50));
        }
        match protocol {
            Protocol::Plain => writer.write_all(format!("{mean}\n").as_bytes())?,
            Protocol::Swift => writer.write_all(&mean.to_le_bytes())?,
        }
    }
    Ok(())
}

/// The samples of the next request; nothing where the connection has ended.
fn read(protocol: Protocol, reader: &mut impl BufRead) -> io::Result<Option<Vec<f64>>> {
    if reader.fill_buf()?.is_empty() {
        return Ok(None);
    }
    if protocol == Protocol::Plain {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let numbers = line.split_whitespace().map(str::parse);
        return numbers
            .collect::<Result<_, _>>()
            .map(Some)
            .map_err(io::Error::other);
    }
    let mut count = [0; 4];
    reader.read_exact(&mut count)?;
    let mut bytes = vec![0; u32::from_le_bytes(count) as usize * 8];
    reader.read_exact(&mut bytes)?;
    let values = bytes
        .chunks_exact(8)
        .map(|value| f64::from_le_bytes(value.try_into().expect("8 bytes")));
    Ok(Some(values.collect()))
}

fn main() -> io::Result<()> {
    let protocol = match std::env::args().nth(1).as_deref() {
        Some("plain") => Protocol::Plain,
        Some("swift") => Protocol::Swift,
        _ => return Err(io::Error::other("say which: plain or swift")),
    };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let server = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream, protocol));
        }
    });
    let latencies = one_at_a_time(server, protocol)?;
    let mean = latencies.iter().sum::<Duration>() / CALLS;
    println!("one at a time   {mean:.1?}");
    let mut latencies = steady(server, protocol)?;
    println!("steady p50      {:.1?}", percentile(&mut latencies, 50));
    println!("steady p99      {:.1?}", percentile(&mut latencies, 99));
    println!(
        "throughput      {:.0} calls/s",
        throughput(server, protocol)
    );
    Ok(())
}
