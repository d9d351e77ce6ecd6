using System.Globalization;
using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Tests.Binance.Wire;

/// <summary>Everything that a message says, as one line; doubles by their bits.</summary>
internal static class Described
{
    public static string Of(in DecodedMessage message)
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture, $"{message.Kind} {message.Stream} {message.Ignored} {message.Malformed} ");
        text.Append(CultureInfo.InvariantCulture, $"{message.SymbolIndex} {message.Symbol} ");
        switch (message.Kind)
        {
            case DecodedKind.Event:
                Append(text, message.Event);
                break;
            case DecodedKind.BookDelta:
                BookDelta delta = message.Delta;
                text.Append(
                    CultureInfo.InvariantCulture, $"{delta.EventTime} {delta.ReceiveTime} {delta.FirstUpdateId} ");
                text.Append(CultureInfo.InvariantCulture, $"{delta.LastUpdateId} {delta.PreviousLastUpdateId}");
                Append(text, delta.Levels);
                break;
            case DecodedKind.Contract:
                text.Append(message.Contract);
                break;
            case DecodedKind.Acknowledgement or DecodedKind.RequestError:
                text.Append(
                    CultureInfo.InvariantCulture, $"{message.RequestId} {message.ErrorCode} {message.ErrorText}");
                break;
            default:
                break;
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, in MarketEvent e)
    {
        text.Append(CultureInfo.InvariantCulture, $"{e.Kind} {e.EventTime} {e.ReceiveTime} {e.IsFromStream} ");
        switch (e.Kind)
        {
            case EventKind.Book or EventKind.Quote:
                text.Append(e.LastUpdateId);
                Append(text, e.Levels);
                break;
            case EventKind.Trade:
                text.Append(CultureInfo.InvariantCulture, $"{e.TradeId} {Bits(e.Price)} {Bits(e.Quantity)} ");
                text.Append(CultureInfo.InvariantCulture, $"{Bits(e.QuantityWithoutRpi)} {e.Side} {e.TradeCount}");
                break;
            case EventKind.Mark:
                text.Append(CultureInfo.InvariantCulture, $"{Bits(e.MarkPrice)} {Bits(e.IndexPrice)} ");
                text.Append(CultureInfo.InvariantCulture, $"{Bits(e.PredictedFundingRate)} {e.NextFundingTime}");
                break;
            case EventKind.Liquidation:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{e.Side} {Bits(e.Price)} {Bits(e.Quantity)} {Bits(e.OrderQuantity)}");
                break;
            case EventKind.Bar:
                text.Append(e.Bar);
                break;
            default:
                text.Append("unexpected kind");
                break;
        }
    }

    private static void Append(StringBuilder text, BookLevels levels)
    {
        text.Append(" b");
        foreach (PriceLevel level in levels.Bids)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Bits(level.Price)}:{Bits(level.Quantity)}");
        }

        text.Append(" a");
        foreach (PriceLevel level in levels.Asks)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Bits(level.Price)}:{Bits(level.Quantity)}");
        }
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
