//! The catalog on the command line.

use crate::program::Place;

#[test]
fn the_list_is_filtered_by_category_status_and_text() {
    let place = Place::new();
    let all = place.finops(&["services", "list", "--format", "csv"]).ends_with(0);
    assert!(all.stdout.lines().count() > 400, "{}", all.stdout.lines().count());
    let retired = place.finops(&["services", "list", "qldb", "--status", "retired", "--kind", "service", "--format", "csv"]).ends_with(0);
    assert!(retired.stdout.contains("qldb") && retired.stdout.lines().count() == 2, "{}", retired.stdout);
    let storage = place.finops(&["services", "list", "--category", "storage", "--format", "json"]).ends_with(0).json();
    assert!(storage.as_array().unwrap().iter().all(|row| row["category"] == "Storage"));
    let none = place.finops(&["services", "list", "no-such-thing"]).ends_with(0);
    assert!(none.stderr.contains("no service is like that"), "{}", none.stderr);
}

#[test]
fn a_service_is_shown_by_any_of_its_names_with_its_sources() {
    let place = Place::new();
    for name in ["ec2", "EC2", "Amazon Elastic Compute Cloud", "AmazonEC2"] {
        let shown = place.finops(&["services", "show", name]).ends_with(0);
        assert!(shown.stdout.starts_with("ec2: "), "{name}: {}", shown.stdout);
        for part in ["what it is billed by", "ec2:instance", "where this is from", "AWS::EC2"] {
            assert!(shown.stdout.contains(part), "{name}: {part}");
        }
    }
    let json = place.finops(&["services", "show", "lambda", "--format", "json"]).ends_with(0).json();
    assert_eq!(json["id"], "lambda");
    assert!(
        json["resources"]
            .as_array()
            .unwrap()
            .iter()
            .any(|kind| kind["kind"] == "lambda:function" && kind["activity"][0]["metric"] == "Invocations")
    );
}

#[test]
fn an_unknown_service_or_category_says_what_there_is() {
    let place = Place::new();
    let unknown = place.finops(&["services", "show", "kines"]).ends_with(2);
    assert!(unknown.stderr.contains("there is no service `kines`") && unknown.stderr.contains("kinesis"), "{}", unknown.stderr);
    let category = place.finops(&["services", "list", "--category", "toys"]).ends_with(2);
    assert!(category.stderr.contains("finops services categories"), "{}", category.stderr);
}

#[test]
fn all_24_categories_are_counted() {
    let table = Place::new().finops(&["services", "categories", "--format", "json"]).ends_with(0).json();
    assert_eq!(table.as_array().unwrap().len(), 24);
}
