using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Auditor.Rules;

namespace Auditor.Tests.Conventions;

/// <summary>Habits of Core that reflection can check.</summary>
public sealed class CodeConventions
{
    private static readonly Assembly s_core = typeof(StateRule).Assembly;

    [Fact]
    public void Core_ReferencesTheFrameworkOnly() => Assert.All(
        s_core.GetReferencedAssemblies(),
        reference => Assert.True(reference.Name!.StartsWith("System.", StringComparison.Ordinal), $"Auditor.Core references {reference.Name}; it judges with the framework alone."));

    [Fact]
    public void RecordsOfTheModel_HoldListsThatCompareByValue()
    {
        foreach (var type in s_core.GetExportedTypes().Where(type => IsRecord(type) && type.Namespace is "Auditor.Model" or "Auditor.Findings" or "Auditor.Changes" or "Auditor.Alerts"))
        {
            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.PropertyType.IsGenericType && type.Name != "CheckReport"))
            {
                Assert.False(property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>), $"{type.Name}.{property.Name} compares by reference; make it a ValueList.");
            }
        }
    }

    [Fact]
    public void Records_AreSealedOrAbstractAndInitOnly()
    {
        foreach (var type in s_core.GetExportedTypes().Where(type => IsRecord(type) && !type.IsValueType))
        {
            Assert.True(type.IsSealed || type.IsAbstract, $"{type.FullName} is neither sealed nor abstract.");
            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(property => property.SetMethod is { IsPublic: true }))
            {
                Assert.True(
                    property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)),
                    $"{type.FullName}.{property.Name} can be changed; records are built once.");
            }
        }
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);
}
