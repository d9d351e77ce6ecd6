using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Commands.Bench;

/// <summary>
/// Frame → decode → route by symbol → admit and apply to the symbol's state → buffer returned, with a tick of one
/// symbol after every thousand frames. Each round begins with empty states, as a state drops what it knows already.
/// </summary>
internal sealed class FrameBench
{
    private const int FramesPerTick = 1_000;

    private readonly MessageFile _file;
    private readonly MessageDecoder _decoder;
    private readonly SymbolTable _symbols;
    private SymbolState[] _states = [];

    public FrameBench(MessageFile file)
    {
        _file = file;
        _symbols = SymbolTable.Of(file.Symbols);
        _decoder = new MessageDecoder(_symbols, new BookLevelsPool(20));
    }

    /// <summary>Measures; <see cref="BenchResult.Taken"/> counts events that were applied, ticks among them.</summary>
    public async Task<BenchResult> RunAsync(int rounds, TimeProvider time, CancellationToken cancellationToken)
    {
        long applied = 0;
        (double median, double min, double max, long allocated) =
            await Rounds.MeasureAsync(rounds, time, Prepare, () => applied = Walk(), cancellationToken);
        int count = _file.Count;
        long passes = _decoder.Counters.Frames / count;
        return new BenchResult(
            "frame", _file.Name, count, _file.Bytes, rounds, median / count, min / count, max / count,
            (long)Math.Round((double)allocated / count), allocated, applied, _decoder.Counters.Fallbacks / passes);
    }

    private void Prepare()
    {
        _states = [.. _file.Symbols.Select(static symbol => new SymbolState(symbol))];
        long start = _file.ReceiveTime(0) - 1;
        foreach (SymbolState state in _states)
        {
            state.Apply(MarketEvent.ForSettings(SymbolSettings.Default, start));
        }
    }

    private long Walk()
    {
        long applied = 0;
        int tickNext = 0;
        for (int i = 0; i < _file.Count; i++)
        {
            long receiveTime = _file.ReceiveTime(i);
            _decoder.Decode(_file.Frame(i), receiveTime, out DecodedMessage message);
            if (message.Kind == DecodedKind.Event)
            {
                SymbolState state = _states[message.SymbolIndex];
                MarketEvent e = message.Event;
                if (state.Admit(e) == Admission.Accepted)
                {
                    state.Apply(e);
                    applied++;
                }
            }

            _decoder.Return(message);
            if (i % FramesPerTick == FramesPerTick - 1)
            {
                applied += Tick(_states[tickNext], receiveTime);
                tickNext = (tickNext + 1) % _states.Length;
            }
        }

        return applied;
    }

    private static int Tick(SymbolState state, long receiveTime)
    {
        MarketEvent tick = MarketEvent.ForTick(receiveTime, receiveTime);
        if (state.Admit(tick) != Admission.Accepted)
        {
            return 0;
        }

        state.Apply(tick);
        return 1;
    }
}
