//! Eight exercises, each with a check that tells what is wrong and never the answer.
