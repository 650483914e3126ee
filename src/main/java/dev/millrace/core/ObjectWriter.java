package dev.millrace.core;

import java.io.OutputStream;

/// An object that is being written. Nobody sees it before it is complete, and an object of its name
/// that is there stays until then. For one thread.
///
/// Its methods throw MillraceException as [ObjectStore] does; then nothing is to be written any
/// more, and only [#close] is left to do.
public abstract class ObjectWriter extends OutputStream {
    @Override
    public abstract void write(byte[] bytes, int offset, int length);

    @Override
    public final void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    /// Makes it visible, whole. When the answer to that is lost, it is looked whether it is there.
    ///
    /// @throws MillraceException OBJECT_EXISTS when there is one of its name that was not to be
    ///   replaced; S3_UNAVAILABLE when it is not known whether it is visible
    public abstract StoredObject complete();

    /// Leaves nothing behind of one that is not complete, as far as the store can be reached.
    @Override
    public abstract void close();
}
