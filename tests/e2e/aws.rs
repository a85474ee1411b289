//! Against AWS, played by moto (an emulator that is not ours) and by doubles whose answers botocore's models check.

mod doubles;
mod harness;
mod live;
