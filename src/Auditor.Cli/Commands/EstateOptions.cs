using System.CommandLine;
using Auditor.Cli.Output;

namespace Auditor.Cli.Commands;

/// <summary>The options by which commands about paths are told what to look at: files, or a ledger at a moment.</summary>
internal sealed class EstateOptions
{
    private readonly Option<string[]> _assets = EstateInput.AssetsOption();
    private readonly Option<bool> _partial = EstateInput.PartialOption();
    private readonly Option<string?> _ledger = new("--ledger") { Description = "instead of --assets: what a ledger knows" };
    private readonly Option<string?> _asOf = Moments.AsOfOption();
    private readonly Option<string?> _knownAt = Moments.KnownAtOption();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_assets, _partial, _ledger, _asOf, _knownAt])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="UsageException">Neither files nor a ledger are named, both are, or a moment without a ledger.</exception>
    public async Task<EstateInput> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var paths = parsed.GetValue(_assets) ?? [];
        var (asOf, knownAt) = (parsed.GetValue(_asOf), parsed.GetValue(_knownAt));
        return (parsed.GetValue(_ledger), paths.Length) switch
        {
            ({ } ledger, 0) when !parsed.GetValue(_partial) => await EstateInput.LoadAsync(ledger, asOf, knownAt, cancellationToken),
            ({ }, 0) => throw new UsageException("--partial is about files; a ledger knows itself what it has not read."),
            (null, > 0) when asOf is null && knownAt is null => await EstateInput.ReadAsync(paths, parsed.GetValue(_partial), cancellationToken),
            (null, > 0) => throw new UsageException("--as-of and --known-at are about a ledger; --ledger names one."),
            _ => throw new UsageException("either --assets or --ledger is needed."),
        };
    }
}
