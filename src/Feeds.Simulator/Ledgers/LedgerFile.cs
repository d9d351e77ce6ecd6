using Feeds.Core;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Markets;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Ledgers;

/// <summary>
/// The ledger as lines of JSON arrays, whose first element says what a line is; <see cref="LedgerReader"/> reads it
/// again. The caller keeps threads apart.
/// </summary>
internal sealed class LedgerFile : IDisposable
{
    private const int FlushBytes = 256 * 1024;

    private readonly FileStream _file;
    private readonly FrameWriter _writer = new();
    private bool _disposed;

    public LedgerFile(string path, long time)
    {
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedsException($"ledger = {path}: cannot be written ({e.Message})", e);
        }

        _writer.Raw("[\"ledger\",2,"u8).Number(time).Raw("]\n"u8);
    }

    public void Stream(int topic, string name)
    {
        _writer.Raw("[\"stream\","u8).Number(topic).Raw(",\""u8).Text(name).Raw("\"]\n"u8);
        End();
    }

    public void Generated(int topic, in MessageMark mark)
    {
        _writer.Raw("[\"g\","u8).Number(topic).Raw(","u8).Number(mark.Id).Raw(","u8).Number(mark.EventTime)
            .Raw(mark.IsFinal ? ",1"u8 : ",0"u8);
        if (mark.Symbol.Length > 0)
        {
            _writer.Raw(",\""u8).Text(mark.Symbol).Raw("\""u8);
        }

        _writer.Raw("]\n"u8);
        End();
    }

    public void Sent(int connection, int topic, in MessageMark mark, FaultKind fault)
    {
        _writer.Raw("[\"s\","u8).Number(connection).Raw(","u8).Number(topic).Raw(","u8).Number(mark.Id).Raw(","u8)
            .Number(mark.EventTime).Raw(mark.IsFinal ? ",1"u8 : ",0"u8);
        if (fault != FaultKind.None || mark.Symbol.Length > 0)
        {
            _writer.Raw(",\""u8).Text(fault == FaultKind.None ? "" : fault.ToString()).Raw("\""u8);
        }

        if (mark.Symbol.Length > 0)
        {
            _writer.Raw(",\""u8).Text(mark.Symbol).Raw("\""u8);
        }

        _writer.Raw("]\n"u8);
        End();
    }

    public void Trades(string symbol, List<TradePrint> trades)
    {
        _writer.Raw("[\"t\",\""u8).Text(symbol).Raw("\","u8).Number(trades[0].Id).Raw(","u8).Number(trades[^1].Id)
            .Raw(","u8).Number(trades[0].Time).Raw(","u8).Number(trades[^1].Time).Raw("]\n"u8);
        End();
    }

    public void Liquidations(string symbol, List<LiquidationPrint> orders)
    {
        foreach (LiquidationPrint order in orders)
        {
            _writer.Raw("[\"l\",\""u8).Text(symbol).Raw("\","u8).Number(order.Time).Raw(
                order.IsSell ? ",\"SELL\","u8 : ",\"BUY\","u8)
                .Number(order.Quantity).Raw(","u8).Number(order.AveragePrice).Raw("]\n"u8);
        }

        End();
    }

    public void Note(in LedgerNote note)
    {
        _writer.Raw("[\"n\","u8).Number(note.Time).Raw(","u8).Number(note.Connection).Raw(",\""u8)
            .Text(note.What.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(
                "\"", "\\\"", StringComparison.Ordinal))
            .Raw("\"]\n"u8);
        End();
    }

    public void Flush()
    {
        if (!_disposed && _writer.Written.Length > 0)
        {
            _file.Write(_writer.Written);
            _file.Flush();
            _writer.Clear();
        }
    }

    /// <summary>Writes the last line, without which a reader knows that more may have been sent.</summary>
    public void Finish(long time)
    {
        _writer.Raw("[\"end\","u8).Number(time).Raw("]\n"u8);
        End();
    }

    public void Dispose()
    {
        Flush();
        _disposed = true;
        _file.Dispose();
    }

    private void End()
    {
        if (_disposed)
        {
            _writer.Clear();
        }
        else if (_writer.Written.Length >= FlushBytes)
        {
            Flush();
        }
    }
}
