using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>
/// Bars of several lengths out of one-minute bars: holes between them are filled (close carried, nothing traded), longer bars are
/// built from the repaired minutes, complete ones only. A longer bar may also come from the exchange, for a time before the
/// first minute; whichever comes first counts.
/// </summary>
internal sealed class BarLadder : ISavedState
{
    /// <summary>
    /// The longest hole that is filled, in bars: a month of minutes. Past it the symbol was not traded; the series go on with the next
    /// bar as if nothing lay between.
    /// </summary>
    private const int MaxFilled = 31 * 1440;

    private readonly Rung[] _rungs;
    private readonly Action<int, Bar> _closed;

    /// <summary>Makes a ladder whose first length is a minute; <paramref name="closed"/> gets each bar with its length's index.</summary>
    public BarLadder(ReadOnlySpan<int> lengthsMs, Action<int, Bar> closed)
    {
        _rungs = new Rung[lengthsMs.Length];
        for (int i = 0; i < lengthsMs.Length; i++)
        {
            _rungs[i] = new Rung(lengthsMs[i]);
        }

        _closed = closed;
    }

    /// <summary>True when the ladder would take the bar: its length is known and it is newer than the newest.</summary>
    public bool Takes(Bar bar) => Find(bar.IntervalMs) is { } index && bar.OpenTime > _rungs[index].NewestOpen;

    /// <summary>The newest closed bar's end of a length, epoch ms; 0 before the first.</summary>
    public long NewestEnd(int index) => _rungs[index].NewestOpen < 0 ? 0 : _rungs[index].NewestOpen + _rungs[index].Builder.LengthMs;

    /// <summary>Takes the next bar of its length; one that it would not take is passed over.</summary>
    public void Add(Bar bar)
    {
        if (Find(bar.IntervalMs) is not { } index || !Takes(bar))
        {
            return;
        }

        Rung rung = _rungs[index];
        long next = rung.NewestOpen + bar.IntervalMs;
        long missing = rung.NewestOpen < 0 ? 0 : (bar.OpenTime - next) / bar.IntervalMs;
        for (; missing is > 0 and <= MaxFilled && next < bar.OpenTime; next += bar.IntervalMs)
        {
            Close(index, Filled(next, bar.IntervalMs, rung.NewestClose));
        }

        Close(index, bar);
    }

    /// <summary>Fills missing minutes up to an end that is later than the newest bar's: a later bar is known to exist.</summary>
    public void FillUntil(long end)
    {
        Rung rung = _rungs[0];
        while (rung.NewestOpen >= 0 && NewestEnd(0) < end && end - NewestEnd(0) <= (long)MaxFilled * Bar.Minute)
        {
            Close(0, Filled(NewestEnd(0), Bar.Minute, rung.NewestClose));
        }
    }

    public void Save(StateWriter writer)
    {
        foreach (Rung rung in _rungs)
        {
            writer.WriteInt64(rung.NewestOpen);
            writer.WriteDecimal(rung.NewestClose);
            rung.Builder.Save(writer);
        }
    }

    public void Load(ref StateReader reader)
    {
        foreach (Rung rung in _rungs)
        {
            rung.NewestOpen = reader.ReadInt64();
            rung.NewestClose = reader.ReadDecimal();
            rung.Builder.Load(ref reader);
        }
    }

    private static Bar Filled(long openTime, int intervalMs, decimal close) =>
        new(openTime, intervalMs, close, close, close, close, 0, 0, 0, 0, 0, IsFilled: true);

    private void Close(int index, Bar bar)
    {
        _rungs[index].NewestOpen = bar.OpenTime;
        _rungs[index].NewestClose = bar.Close;
        _closed(index, bar);
        for (int longer = 1; index == 0 && longer < _rungs.Length; longer++)
        {
            if (_rungs[longer].Builder.Add(bar) is { } built && built.OpenTime > _rungs[longer].NewestOpen)
            {
                Close(longer, built);
            }
        }
    }

    private int? Find(int intervalMs)
    {
        int index = Array.FindIndex(_rungs, r => r.Builder.LengthMs == intervalMs);
        return index < 0 ? null : index;
    }

    private sealed class Rung(int lengthMs)
    {
        public BarBuilder Builder { get; } = new(lengthMs);

        public long NewestOpen { get; set; } = -1;

        public decimal NewestClose { get; set; }
    }
}
