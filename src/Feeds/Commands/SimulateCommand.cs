namespace Feeds.Commands;

internal sealed class SimulateCommand : FeedsCommand
{
    public SimulateCommand() : base("simulate", "x") { }
}
