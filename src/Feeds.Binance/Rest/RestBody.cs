using System.Buffers;

namespace Feeds.Binance.Rest;

/// <summary>
/// The whole body of an answer in a rented buffer, read with a limit on the bytes after decompression.
/// </summary>
internal sealed class RestBody : IDisposable
{
    private byte[] _buffer;
    private int _length;

    private RestBody(byte[] buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static async Task<RestBody> ReadAsync(
        string endpoint, HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        RestBody body = new(ArrayPool<byte>.Shared.Rent(16 * 1024));
        try
        {
            while (true)
            {
                int read = await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken);
                if (read == 0)
                {
                    return body;
                }

                body._length += read;
                if (body._length > limit)
                {
                    throw new BinanceAnswerException(endpoint, $"answered with more than {limit} bytes");
                }

                body.Grow();
            }
        }
        catch (Exception failure) when (
            failure is InvalidDataException or InvalidOperationException and not ObjectDisposedException)
        {
            // The second is the framework's word for damaged Brotli.
            body.Dispose();
            throw new BinanceAnswerException(endpoint, "answered with a body that cannot be unpacked", failure);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Grow()
    {
        if (_length == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_length * 2);
            _buffer.AsSpan().CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
