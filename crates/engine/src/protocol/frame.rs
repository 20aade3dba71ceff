//! Frames on the pipes: kind (1 byte), length (4 bytes, little endian), payload. Jobs have no kind byte.

use std::io::{self, Read, Write};

use super::Job;

/// A job never comes near this; a longer one is a defect, not data.
const JOB_LIMIT_BYTES: u32 = 64 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// JSON `IngestProgress`.
    Progress,
    /// Bytes of one Arrow IPC stream.
    Table,
    /// JSON `Done`; the last frame of a job that succeeded.
    Done,
    /// JSON `WorkerFailure`; the last frame of a job that was refused.
    Failed,
}

#[derive(Debug, thiserror::Error)]
#[error("frame kind {0} is unknown")]
pub struct FrameError(u8);

impl FrameKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Progress => 1,
            Self::Table => 2,
            Self::Done => 3,
            Self::Failed => 4,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Progress),
            2 => Some(Self::Table),
            3 => Some(Self::Done),
            4 => Some(Self::Failed),
            _ => None,
        }
    }
}

/// Kind and payload length of the frame that starts with `header`.
pub fn read_frame_header(header: [u8; 5]) -> Result<(FrameKind, u32), FrameError> {
    let [kind, a, b, c, d] = header;
    let kind = FrameKind::from_byte(kind).ok_or(FrameError(kind))?;
    Ok((kind, u32::from_le_bytes([a, b, c, d])))
}

pub fn write_frame(out: &mut impl Write, kind: FrameKind, payload: &[u8]) -> io::Result<()> {
    let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
    out.write_all(&[kind.byte()])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(payload)?;
    out.flush()
}

/// The bytes that give `job` to a worker.
pub fn write_job(job: &Job) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, job)?;
    let length = u32::try_from(bytes.len() - 4).map_err(io::Error::other)?;
    if let Some(prefix) = bytes.first_chunk_mut::<4>() {
        *prefix = length.to_le_bytes();
    }
    Ok(bytes)
}

/// The next job; `None` when the engine closed the pipe.
pub fn read_job(input: &mut impl Read) -> io::Result<Option<Job>> {
    let mut prefix = [0; 4];
    if let Err(error) = input.read_exact(&mut prefix) {
        return if error.kind() == io::ErrorKind::UnexpectedEof {
            Ok(None)
        } else {
            Err(error)
        };
    }
    let length = u32::from_le_bytes(prefix);
    if length > JOB_LIMIT_BYTES {
        return Err(io::Error::other("the job is too long"));
    }
    let mut bytes = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut bytes)?;
    Ok(Some(serde_json::from_slice(&bytes)?))
}
