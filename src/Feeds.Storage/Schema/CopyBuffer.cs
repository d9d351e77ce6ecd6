using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace Feeds.Storage.Schema;

/// <summary>
/// Rows in the server's binary COPY form, gathered in memory and sent in one go: a transaction is open for as long as
/// it takes to send them, not to make them. Used again from batch to batch; not safe for several threads.
/// </summary>
internal sealed class CopyBuffer
{
    private const long Epoch2000 = 946_684_800_000;

    // Signature, flags, length of the header's extension.
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    /// <summary>Rows since <see cref="Begin"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Begin()
    {
        _bytes.ResetWrittenCount();
        _bytes.Write(Header);
        Rows = 0;
    }

    /// <summary>Begins a row of so many values, which follow.</summary>
    public void Row(int values)
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), (short)values);
        _bytes.Advance(2);
        Rows++;
    }

    public void Text(string value)
    {
        Span<byte> span = _bytes.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        int length = Encoding.UTF8.GetBytes(value, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        _bytes.Advance(4 + length);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Span<byte> span = _bytes.GetSpan(4 + value.Length);
        BinaryPrimitives.WriteInt32BigEndian(span, value.Length);
        value.CopyTo(span[4..]);
        _bytes.Advance(4 + value.Length);
    }

    /// <summary>A double precision; NULL for NaN, as unknown is.</summary>
    public void Double(double value)
    {
        Span<byte> span = _bytes.GetSpan(12);
        if (double.IsNaN(value))
        {
            BinaryPrimitives.WriteInt32BigEndian(span, -1);
            _bytes.Advance(4);
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteDoubleBigEndian(span[4..], value);
        _bytes.Advance(12);
    }

    public void Int64(long value)
    {
        Span<byte> span = _bytes.GetSpan(12);
        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteInt64BigEndian(span[4..], value);
        _bytes.Advance(12);
    }

    public void Int32(int value)
    {
        Span<byte> span = _bytes.GetSpan(8);
        BinaryPrimitives.WriteInt32BigEndian(span, 4);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], value);
        _bytes.Advance(8);
    }

    /// <summary>A timestamptz of an epoch ms.</summary>
    public void Time(long epochMs) => Int64((epochMs - Epoch2000) * 1000);

    /// <summary>A date of an epoch ms, UTC.</summary>
    public void Date(long epochMs) => Int32((int)Math.Floor((epochMs - Epoch2000) / 86_400_000.0));

    /// <summary>Ends the rows; they can be sent then, more than once.</summary>
    public void End()
    {
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), -1);
        _bytes.Advance(2);
    }

    /// <summary>Sends all rows by a COPY … FROM STDIN (FORMAT binary); nothing is sent when there are none.</summary>
    public async ValueTask SendAsync(NpgsqlConnection connection, string copy, CancellationToken cancellationToken)
    {
        if (Rows == 0)
        {
            return;
        }

        await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken);
        await stream.WriteAsync(_bytes.WrittenMemory, cancellationToken);
    }
}
