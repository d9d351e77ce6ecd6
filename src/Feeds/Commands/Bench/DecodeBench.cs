using Feeds.Binance.Wire;
using Feeds.Core.Books;

namespace Feeds.Commands.Bench;

/// <summary>Frame → decoded message, buffer returned. Walks the whole file in each round.</summary>
internal sealed class DecodeBench
{
    private readonly MessageFile _file;
    private readonly MessageDecoder _decoder;

    public DecodeBench(MessageFile file)
    {
        _file = file;
        _decoder = new MessageDecoder(SymbolTable.Of(file.Symbols), new BookLevelsPool(20));
    }

    /// <summary>Measures; every field of every message is decoded, its symbol found.</summary>
    public async Task<BenchResult> RunAsync(int rounds, TimeProvider time, CancellationToken cancellationToken)
    {
        long taken = 0;
        (double median, double min, double max, long allocated) =
            await Rounds.MeasureAsync(rounds, time, static () => { }, () => taken = Walk(), cancellationToken);
        int count = _file.Count;
        long passes = _decoder.Counters.Frames / count;
        return new BenchResult(
            "decode", _file.Name, count, _file.Bytes, rounds, median / count, min / count, max / count,
            (long)Math.Round((double)allocated / count), allocated, taken, _decoder.Counters.Fallbacks / passes);
    }

    private long Walk()
    {
        long taken = 0;
        for (int i = 0; i < _file.Count; i++)
        {
            _decoder.Decode(_file.Frame(i), _file.ReceiveTime(i), out DecodedMessage message);
            taken += message.Kind < DecodedKind.Ignored ? 1 : 0;
            _decoder.Return(message);
        }

        return taken;
    }
}
